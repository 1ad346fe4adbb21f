using System.Globalization;

namespace JobPipeline.BuiltIn.Sources;

/// <summary>A file; its version consists of its length and the time of its last write.</summary>
internal sealed class FileSource(string name, FileInfo file)
    : Source(name, string.Create(CultureInfo.InvariantCulture, $"{file.Length}-{file.LastWriteTimeUtc.Ticks}"), file.Length)
{
    private const int BufferBytes = 64 * 1024;

    public override Task<Stream> OpenAsync(long position, CancellationToken cancellationToken)
    {
        var stream = new FileStream(file.FullName, new FileStreamOptions
        {
            Mode = FileMode.Open,
            Access = FileAccess.Read,
            Share = FileShare.Read,
            BufferSize = BufferBytes,
            Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
        });
        stream.Position = position;
        return Task.FromResult<Stream>(stream);
    }
}
