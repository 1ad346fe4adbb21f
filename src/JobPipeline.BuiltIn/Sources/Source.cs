namespace JobPipeline.BuiltIn.Sources;

/// <summary>Something to read that was found to exist, in the version it had then.</summary>
internal abstract class Source(string name, string version, long length)
{
    /// <summary>As the payload named it.</summary>
    public string Name { get; } = name;

    /// <summary>Changes when the content does.</summary>
    public string Version { get; } = version;

    /// <summary>In bytes.</summary>
    public long Length { get; } = length;

    /// <summary>Opens this version at a position in bytes. Reading throws when it has changed meanwhile, as far as the storage can tell.</summary>
    public abstract Task<Stream> OpenAsync(long position, CancellationToken cancellationToken);
}
