using JobPipeline.Jobs;
using JobPipeline.Limits.Lots;
using JobPipeline.Limits.Meters;
using JobPipeline.Limits.Rules;

namespace JobPipeline.Limits;

/// <summary>Tells which limit a job waits at, who holds it, since when the job waits, and how many jobs are before it.</summary>
internal sealed class LimitWait(ParkedJobs parked, LimitControl control, ILimitStore store, TimeProvider time) : IWaitReason
{
    /// <summary>The kind of its <see cref="WaitReason"/>.</summary>
    public const string Kind = "limit";

    /// <summary>The number of holders that are named.</summary>
    private const int MaxNamed = 5;

    /// <summary>The places before a job that are counted.</summary>
    private const int MaxCounted = 1000;

    public async ValueTask<WaitReason?> ExplainAsync(JobRecord job, CancellationToken cancellationToken)
    {
        if (await parked.FindAsync(job.Id, job.Queue, job.Spec, cancellationToken) is not var (gate, row))
            return null;
        var meter = await store.ReadMeterAsync(gate, cancellationToken);
        var rule = control.RuleOf(gate, meter);
        if (row.IsGranted)
            return With(new WaitReason(Kind, $"{gate} lets it start; its message is under way"), gate, rule, meter, position: null);
        var before = await store.ListAsync(gate, ParkedKey.First, row.Key, MaxCounted, cancellationToken);
        return For(gate, rule, row, meter, before.Count(other => !other.IsGranted));
    }

    private WaitReason For(GateId gate, LimitRule rule, ParkedJob row, Meter meter, int before)
    {
        var now = time.GetUtcNow();
        if (MeterRules.IsBlocked(meter, now))
        {
            var until = meter.BlockedUntil < LimitControl.NoEnd ? meter.BlockedUntil : null;
            return With(new WaitReason(Kind, $"{gate} is {meter.BlockedWhy}", until), gate, rule, meter, before + 1);
        }

        var place = before < MaxCounted ? $"{before} before it" : $"at least {MaxCounted} before it";
        var since = $"it waits since {row.ParkedAt:u} at {gate}, {place}";
        // When a slot becomes free is not known; a rate is.
        if (rule.Concurrency is null)
        {
            var at = RateRules.ExpectedAt(meter, rule.Rate, meter.Granted + before, now);
            return With(new WaitReason(Kind, $"{since}: {rule}", at > now ? at : null), gate, rule, meter, before + 1);
        }

        var holders = string.Join(", ", meter.LivingAt(now).Take(MaxNamed).Select(owner => $"{owner.Instance} ({owner.Slots})"));
        var used = $"{InUse(meter, now)} of {rule.Concurrency} in use" + (holders.Length > 0 ? $" by {holders}" : "");
        return With(new WaitReason(Kind, $"{since}: {used}"), gate, rule, meter, before + 1);
    }

    private WaitReason With(WaitReason reason, GateId gate, LimitRule rule, Meter meter, int? position) => reason with
    {
        Limit = new LimitWaitDetail(
            gate.Limit,
            gate.Key,
            rule.HasSlots ? InUse(meter, time.GetUtcNow()) : null,
            rule.Concurrency,
            [.. meter.LivingAt(time.GetUtcNow()).Take(MaxNamed).Select(owner => owner.Instance)],
            position is <= MaxCounted ? position : null),
    };

    private static int InUse(Meter meter, DateTimeOffset now) => meter.LivingAt(now).Sum(owner => owner.Slots) + meter.Granted;
}
