using JobPipeline.Http.Limits;
using JobPipeline.Maintenance.Queues;

namespace JobPipeline.Http.Queues;

/// <summary>The API representation of a queue.</summary>
/// <param name="Name">The name of the queue.</param>
/// <param name="Depth">The approximate number of messages, including delayed ones and those in flight.</param>
/// <param name="OldestDueAt">When the oldest due job among the first 32 messages became due; absent if none is due.</param>
/// <param name="OldestDueAge">How long that job has waited since.</param>
/// <param name="PoisonDepth">The approximate number of messages in the poison queue.</param>
/// <param name="Paused">The pause; absent if the queue is not paused.</param>
internal sealed record QueueView(
    string Name, long Depth, DateTimeOffset? OldestDueAt, TimeSpan? OldestDueAge, long PoisonDepth, PauseView? Paused)
{
    internal static QueueView Of(QueueStatus queueName, PauseView? paused, DateTimeOffset now) => new(
        queueName.Queue, queueName.Depth, queueName.OldestDueAt, queueName.OldestDueAt is { } due ? Positive(now - due) : null,
            queueName.PoisonDepth, paused);

    /// <summary>Clamps negative ages, which clock skew can produce, to zero.</summary>
    private static TimeSpan Positive(TimeSpan age) => age > TimeSpan.Zero ? age : TimeSpan.Zero;
}

/// <summary>All queues, the highest priority first.</summary>
internal sealed record QueueListView(IReadOnlyList<QueueView> Queues);
