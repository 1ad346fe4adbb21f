using JobPipeline.Jobs;
using JobPipeline.Maintenance.Instances;

namespace JobPipeline.Maintenance.Queues;

/// <summary>
/// How far the lanes have come: since when the oldest job waits that is next. It looks at the front of each queue and at what
/// living instances say that they hold. A job counts by when it first became due, whatever was sent of it since: the head
/// seems older rather than younger, and what is behind it is not taken for overlooked.
/// </summary>
internal sealed class LaneHeads(IQueueProbe probe, IInstanceStore instances)
{
    /// <summary>Of every lane; where nothing waits, the present. Two operations a lane and one query.</summary>
    /// <param name="now">The present.</param>
    /// <param name="silence">An instance that has not beaten for so long holds nothing.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyDictionary<string, DateTimeOffset>> ReadAsync(DateTimeOffset now, TimeSpan silence, CancellationToken cancellationToken)
    {
        var glances = await Task.WhenAll(JobLanes.All.Select(lane => probe.LookAsync(lane, cancellationToken)));
        var heads = JobLanes.All.Zip(glances).ToDictionary(
            lane => lane.First, lane => lane.Second.Front.Select(message => MessageAge.DueAt(message.Body, message.InsertedAt)).Append(now).Min(), StringComparer.Ordinal);
        foreach (var instance in await instances.ListAsync(cancellationToken))
        {
            if (instance.GoodbyeAt is not null || instance.LastBeatAt + silence < now)
                continue;
            foreach (var wait in instance.Waiting.Where(wait => wait.Since < heads.GetValueOrDefault(wait.Lane)))
                heads[wait.Lane] = wait.Since;
        }

        return heads;
    }
}
