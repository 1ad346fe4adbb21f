using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Maintenance.Queues;

/// <summary>The status of a priority queue.</summary>
/// <param name="Queue">The name of the queue.</param>
/// <param name="Depth">The approximate number of messages, including hidden ones.</param>
/// <param name="OldestDueAt">Since when the oldest peeked due job has been waiting; null if none is due.</param>
/// <param name="PoisonDepth">The approximate number of messages in its poison queue.</param>
internal sealed record QueueStatus(string Queue, long Depth, DateTimeOffset? OldestDueAt, long PoisonDepth)
{
    /// <summary>
    /// Like <see cref="OldestDueAt"/>, but only for jobs that wait for their first start, whose age no delay distorts; null if none
    /// was peeked.
    /// </summary>
    public DateTimeOffset? WaitsSince { get; init; }
}

/// <summary>
/// Reads the status of the priority queues with bounded work: it peeks at the first 32 due messages. Queues deliver roughly by age,
/// so the oldest of those is the oldest message or close to it. A job counts as waiting from when its message was sent or, if later,
/// from its start time; a retry therefore seems older by the delay that it was sent with.
/// </summary>
internal sealed class QueueInspector
{
    private readonly IQueueProbe _probe;

    public QueueInspector(IQueueProbe probe) => _probe = probe;

    /// <summary>Reads the status of all priority queues, highest priority first.</summary>
    public async Task<IReadOnlyList<QueueStatus>> InspectAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(PriorityQueues.All.Select(queueName => InspectAsync(queueName, cancellationToken)));

    private async Task<QueueStatus> InspectAsync(string queueName, CancellationToken cancellationToken)
    {
        var states = await Task.WhenAll(
            _probe.LookAsync(queueName, cancellationToken), _probe.LookAsync(PriorityQueues.PoisonOf(queueName), cancellationToken));
        return new QueueStatus(queueName, states[0].Depth, states[0].Front.Select(DueAt).Min(), states[1].Depth)
        {
            WaitsSince = states[0].Front
                .Select(message => MessageAge.FirstWaitSince(message.Body, message.InsertedAt, message.DequeueCount))
                .Min(),
        };
    }

    private static DateTimeOffset? DueAt(PeekedMessage message) =>
        JobMessageReader.Read(message.Body, message.InsertedAt) is MessageReading.Job { Message.Spec.NotBefore: { } notBefore }
        && notBefore > message.InsertedAt
            ? notBefore
            : message.InsertedAt;
}
