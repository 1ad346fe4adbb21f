using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Maintenance.Queues;

/// <summary>How a lane stands.</summary>
/// <param name="Lane">Its name.</param>
/// <param name="Depth">About how many messages it holds, hidden ones included.</param>
/// <param name="OldestDueAt">Since when the oldest due job that was seen has waited; null when none is due.</param>
/// <param name="PoisonDepth">About how many messages its poison queue holds.</param>
public sealed record LaneStatus(string Lane, long Depth, DateTimeOffset? OldestDueAt, long PoisonDepth)
{
    /// <summary>The same of jobs that wait for their first start alone, of which no delay makes them seem older; null: none was seen.</summary>
    public DateTimeOffset? WaitsSince { get; init; }
}

/// <summary>
/// Tells how the lanes stand by a bounded look: the first 32 messages that are due. Queues hand out roughly by age, so the
/// oldest of those is the oldest or close to it. A job counts as waiting from when its message was sent or, when that is
/// later, from its start time; a retry therefore seems older by the delay that it was sent with.
/// </summary>
public sealed class QueueInspector
{
    private readonly IQueueProbe _probe;

    public QueueInspector(IQueueProbe probe) => _probe = probe;

    /// <summary>All lanes, the highest first.</summary>
    public async Task<IReadOnlyList<LaneStatus>> InspectAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(JobLanes.All.Select(lane => InspectAsync(lane, cancellationToken)));

    private async Task<LaneStatus> InspectAsync(string lane, CancellationToken cancellationToken)
    {
        var glances = await Task.WhenAll(_probe.LookAsync(lane, cancellationToken), _probe.LookAsync(JobLanes.PoisonOf(lane), cancellationToken));
        return new LaneStatus(lane, glances[0].Depth, glances[0].Front.Select(DueAt).Min(), glances[1].Depth)
        {
            WaitsSince = glances[0].Front.Select(message => MessageAge.FirstWaitSince(message.Body, message.InsertedAt, message.DequeueCount)).Min(),
        };
    }

    private static DateTimeOffset? DueAt(PeekedMessage message) =>
        JobMessageReader.Read(message.Body, message.InsertedAt) is MessageReading.Job { Message.Spec.NotBefore: { } notBefore } && notBefore > message.InsertedAt
            ? notBefore
            : message.InsertedAt;
}
