namespace JobPipeline.Jobs;

/// <summary>One delivery of a queue message.</summary>
public sealed class QueueDelivery(
    string queue, string messageId, DateTimeOffset insertedAt, long dequeueCount, ReadOnlyMemory<byte> body, string receipt)
{
    /// <summary>The queue that the message was received from.</summary>
    public string Queue { get; } = queue;

    public string MessageId { get; } = messageId;

    public DateTimeOffset InsertedAt { get; } = insertedAt;

    /// <summary>The number of deliveries, including this one.</summary>
    public long DequeueCount { get; } = dequeueCount;

    /// <summary>The message body.</summary>
    public ReadOnlyMemory<byte> Body { get; } = body;

    /// <summary>The receipt of this delivery. It changes with every <see cref="IJobQueueReceiver.HideAsync"/>.</summary>
    public string Receipt { get; set; } = receipt;

    /// <summary>Whether the process that sent the message, hidden, has it since then; the service counts no delivery.</summary>
    internal bool IsOfSender { get; init; }

    /// <summary>Whether the message was delivered before.</summary>
    /// <param name="isSentHidden">Whether it was sent hidden: its sender, which had it first, may have died with it.</param>
    internal bool IsRepeated(bool isSentHidden) => DequeueCount > 1 || (isSentHidden && !IsOfSender);

    /// <summary>The id of a job whose message contains none.</summary>
    public JobId DerivedId => JobId.FromDelivery(MessageId, InsertedAt);

    /// <summary>Gets the id of a job whose part of a packed message contains none, derived from its index in the pack.</summary>
    internal JobId DerivedIdOf(int? place) => place is { } index ? JobId.FromDelivery($"{MessageId}#{index}", InsertedAt) : DerivedId;
}
