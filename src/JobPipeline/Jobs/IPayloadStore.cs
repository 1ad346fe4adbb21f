using JobPipeline.Jobs.Wire;

namespace JobPipeline.Jobs;

/// <summary>Stores payloads and other data that are too large for a message or a row (the claim check).</summary>
public interface IPayloadStore
{
    /// <summary>Writes the content, replacing any existing content.</summary>
    Task WriteAsync(PayloadName name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Reads the content; returns null when there is none under that name.</summary>
    Task<ReadOnlyMemory<byte>?> ReadAsync(PayloadName name, CancellationToken cancellationToken);
}
