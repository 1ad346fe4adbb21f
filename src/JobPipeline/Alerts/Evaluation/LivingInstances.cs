using JobPipeline.Instances;
using Microsoft.Extensions.Options;

namespace JobPipeline.Alerts.Evaluation;

/// <summary>The instances with a recent heartbeat that have not shut down.</summary>
internal sealed class LivingInstances(IInstanceStore instances, TimeProvider time, IOptions<InstanceOptions> options)
{
    /// <summary>Lists their names, in one query of one partition.</summary>
    public async Task<IReadOnlySet<string>> ListAsync(CancellationToken cancellationToken)
    {
        var oldest = time.GetUtcNow() - (options.Value.BeatInterval * options.Value.MissedBeats);
        return (await instances.ListAsync(cancellationToken))
            .Where(instance => instance.StoppedAt is null && instance.LastHeartbeatAt > oldest)
            .Select(instance => instance.Name)
            .ToHashSet(StringComparer.Ordinal);
    }
}
