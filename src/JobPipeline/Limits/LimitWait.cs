using JobPipeline.Jobs;
using JobPipeline.Limits.Lots;
using JobPipeline.Limits.Meters;
using JobPipeline.Limits.Rules;

namespace JobPipeline.Limits;

/// <summary>Tells which limit a job waits at, who holds it, and since when the job waits.</summary>
internal sealed class LimitWait(LimitRegistry limits, LimitKeys keys, ILimitStore store, TimeProvider time) : IWaitReason
{
    /// <summary>The kind of its <see cref="WaitReason"/>.</summary>
    public const string Kind = "limit";

    /// <summary>The number of holders that are named.</summary>
    private const int MaxNamed = 5;

    public async ValueTask<WaitReason?> ExplainAsync(JobRecord job, CancellationToken cancellationToken)
    {
        foreach (var limit in limits.Of(job.Spec.Type))
        {
            var gate = new GateId(limit.Name, await keys.OfAsync(limit, job.Id, job.Spec, cancellationToken));
            var row = await store.FindAsync(gate, ParkedKey.Of(job.Id, job.Queue, job.Spec), cancellationToken);
            if (row is { IsKept: false })
                {
                var meter = await store.ReadMeterAsync(gate, cancellationToken);
                return For(gate, meter.Override ?? limit.RuleOf(gate.Key), row, meter, time.GetUtcNow());
            }
        }

        return null;
    }

    private static WaitReason For(GateId gate, LimitRule rule, ParkedJob row, Meter meter, DateTimeOffset now)
    {
        var since = $"since {row.ParkedAt:u}";
        if (row.IsGranted)
            return new WaitReason(Kind, $"{gate} lets it start; its message is under way");
        if (MeterRules.IsBlocked(meter, now))
            return new WaitReason(
                Kind, $"{gate} is {meter.BlockedWhy}", meter.BlockedUntil < LimitControl.NoEnd ? meter.BlockedUntil : null);
        var nextAt = RateRules.NextAt(meter, rule.Rate, now);
        if (rule.Concurrency is not { } slots)
            return new WaitReason(Kind, $"it waits {since} at {gate}: {rule}", nextAt > now ? nextAt : null);
        var owners = meter.LivingAt(now).ToList();
        var holders = string.Join(", ", owners.Take(MaxNamed).Select(owner => $"{owner.Instance} ({owner.Slots})"));
        var inUse = owners.Sum(owner => owner.Slots) + meter.Granted;
        return new WaitReason(
            Kind, $"it waits {since} at {gate}: {inUse} of {slots} in use" + (holders.Length > 0 ? $" by {holders}" : ""));
    }
}
