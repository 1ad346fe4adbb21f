namespace JobPipeline.Maintenance.Queues;

/// <summary>The state of a queue, read without receiving messages.</summary>
/// <param name="Depth">The approximate number of messages, including hidden ones (delayed, or being processed).</param>
/// <param name="Front">The first messages that can be received now.</param>
internal sealed record QueueGlance(long Depth, IReadOnlyList<PeekedMessage> Front);

/// <summary>A peeked message.</summary>
/// <param name="InsertedAt">When it was sent, regardless of its delay.</param>
/// <param name="Body">The message.</param>
/// <param name="DequeueCount">How often it was received; more than 0 if it became visible again.</param>
internal sealed record PeekedMessage(DateTimeOffset InsertedAt, ReadOnlyMemory<byte> Body, long DequeueCount = 0);

/// <summary>Peeks at queues.</summary>
internal interface IQueueProbe
{
    /// <summary>Reads the state of a queue, in at most two operations. At most 32 messages are peeked, however many there are.</summary>
    Task<QueueGlance> LookAsync(string queue, CancellationToken cancellationToken);
}
