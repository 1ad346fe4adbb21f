using JobPipeline.Instances;
using JobPipeline.Jobs;

namespace JobPipeline.Maintenance.Queues;

/// <summary>
/// Computes the heads of the queues: since when the oldest job that is next has been waiting. It peeks at the front of each queue and
/// includes the messages held by live instances. A job counts from when it first became due, whatever was re-sent since; the head may
/// therefore seem older than it is, but never younger, so jobs behind it are not mistaken for overdue.
/// </summary>
internal sealed class QueueHeads(IQueueProbe probe, IInstanceStore instances)
{
    /// <summary>
    /// Returns the head of every queue, or the current time for a queue in which no job waits. Takes two operations per queue and one
    /// query.
    /// </summary>
    /// <param name="now">The current time.</param>
    /// <param name="silence">The age of the last heartbeat from which on an instance holds no messages.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<IReadOnlyDictionary<string, DateTimeOffset>> ReadAsync(
        DateTimeOffset now, TimeSpan silence, CancellationToken cancellationToken)
    {
        var states = await Task.WhenAll(PriorityQueues.All.Select(queue => probe.LookAsync(queue, cancellationToken)));
        var heads = PriorityQueues.All.Zip(states).ToDictionary(
            queue => queue.First,
            queue => queue.Second.Front.Select(message => MessageAge.DueAt(message.Body, message.InsertedAt)).Append(now).Min(),
            StringComparer.Ordinal);
        foreach (var instance in await instances.ListAsync(cancellationToken))
        {
            if (instance.StoppedAt is not null || instance.LastHeartbeatAt + silence < now)
                continue;
            foreach (var wait in instance.Waiting.Where(wait => wait.Since < heads.GetValueOrDefault(wait.Queue)))
                heads[wait.Queue] = wait.Since;
        }

        return heads;
    }
}
