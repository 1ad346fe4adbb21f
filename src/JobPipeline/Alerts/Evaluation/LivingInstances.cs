using JobPipeline.Instances;
using Microsoft.Extensions.Options;

namespace JobPipeline.Alerts.Evaluation;

/// <summary>The instances that have been heard of lately and have not said goodbye.</summary>
internal sealed class LivingInstances(IInstanceStore instances, TimeProvider time, IOptions<InstanceOptions> options)
{
    /// <summary>One query of one partition.</summary>
    public async Task<IReadOnlySet<string>> ListAsync(CancellationToken cancellationToken)
    {
        var heard = time.GetUtcNow() - (options.Value.BeatInterval * options.Value.MissedBeats);
        return (await instances.ListAsync(cancellationToken))
            .Where(instance => instance.GoodbyeAt is null && instance.LastBeatAt > heard)
            .Select(instance => instance.Name)
            .ToHashSet(StringComparer.Ordinal);
    }
}
