using JobPipeline.Jobs.Wire;

namespace JobPipeline.Jobs;

/// <summary>Keeps what is too large for a message or a row (the claim check).</summary>
public interface IPayloadStore
{
    /// <summary>Writes or overwrites.</summary>
    Task WriteAsync(PayloadName name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Null when there is nothing under that name.</summary>
    Task<ReadOnlyMemory<byte>?> ReadAsync(PayloadName name, CancellationToken cancellationToken);
}
