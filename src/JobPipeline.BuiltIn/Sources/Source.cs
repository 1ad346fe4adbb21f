namespace JobPipeline.BuiltIn.Sources;

/// <summary>An existing blob or file to read, pinned to the version in which it was found.</summary>
internal abstract class Source(string name, string version, long length)
{
    /// <summary>Gets the name used in the payload.</summary>
    public string Name { get; } = name;

    /// <summary>Gets the version, which changes with the content.</summary>
    public string Version { get; } = version;

    /// <summary>Gets the length in bytes.</summary>
    public long Length { get; } = length;

    /// <summary>
    /// Opens this version at a position in bytes. Reading throws if the content has changed, as far as the storage can detect it.
    /// </summary>
    public abstract Task<Stream> OpenAsync(long position, CancellationToken cancellationToken);
}
