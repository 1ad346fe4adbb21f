namespace JobPipeline.Maintenance.Queues;

/// <summary>A look at a queue that takes nothing from it.</summary>
/// <param name="Depth">About how many messages it holds, hidden ones (delayed, or in somebody's hands) included.</param>
/// <param name="Front">The first messages that could be received now.</param>
public sealed record QueueGlance(long Depth, IReadOnlyList<PeekedMessage> Front);

/// <summary>A message that was looked at.</summary>
/// <param name="InsertedAt">When it was sent, whatever delay it was sent with.</param>
/// <param name="Body">The message.</param>
/// <param name="DequeueCount">How often it was received: more than never, and it was put back.</param>
public sealed record PeekedMessage(DateTimeOffset InsertedAt, ReadOnlyMemory<byte> Body, long DequeueCount = 0);

/// <summary>Looks at queues.</summary>
public interface IQueueProbe
{
    /// <summary>Two operations at most; up to 32 messages are looked at, no more, however many there are.</summary>
    Task<QueueGlance> LookAsync(string queue, CancellationToken cancellationToken);
}
