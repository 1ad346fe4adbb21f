namespace JobPipeline.Jobs;

/// <summary>One delivery of a queue message.</summary>
public sealed class QueueDelivery(
    string queue, string messageId, DateTimeOffset insertedAt, long dequeueCount, ReadOnlyMemory<byte> body, string receipt)
{
    /// <summary>The queue it came from.</summary>
    public string Queue { get; } = queue;

    public string MessageId { get; } = messageId;

    public DateTimeOffset InsertedAt { get; } = insertedAt;

    /// <summary>How often it was delivered, this time included.</summary>
    public long DequeueCount { get; } = dequeueCount;

    /// <summary>The message as it was sent.</summary>
    public ReadOnlyMemory<byte> Body { get; } = body;

    /// <summary>Proof of this delivery; changes with every <see cref="IJobQueueReceiver.HideAsync"/>.</summary>
    public string Receipt { get; set; } = receipt;

    /// <summary>The id of a job whose message carries none.</summary>
    public JobId DerivedId => JobId.FromDelivery(MessageId, InsertedAt);

    /// <summary>The same for a part of a pack, from its place in it.</summary>
    internal JobId DerivedIdOf(int? place) => place is { } index ? JobId.FromDelivery($"{MessageId}#{index}", InsertedAt) : DerivedId;
}
