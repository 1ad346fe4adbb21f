using JobPipeline.Configuration;
using JobPipeline.Jobs;
using JobPipeline.Limits;
using JobPipeline.Limits.Lots;
using JobPipeline.Limits.Meters;
using JobPipeline.Limits.Rules;

namespace JobPipeline.Http.Limits;

/// <summary>What a limit allows.</summary>
/// <param name="Concurrency">The maximum number of runs at the same time; absent for no maximum.</param>
/// <param name="Rate">The maximum number of starts, such as <c>100/01:00:00</c>; absent for no maximum.</param>
/// <param name="Burst">The number of starts at once after a quiet time.</param>
/// <param name="Algorithm">How starts are counted.</param>
internal sealed record LimitRuleView(int? Concurrency, string? Rate, int? Burst, LimitAlgorithm? Algorithm)
{
    public static LimitRuleView Of(LimitRule rule) => new(
        rule.Concurrency,
        rule.Rate?.ToString(),
        rule.Rate is { Algorithm: LimitAlgorithm.Gcra } rate ? rate.Burst : null,
        rule.Rate?.Algorithm);
}

/// <summary>A limit as it is configured.</summary>
/// <param name="Name">The name.</param>
/// <param name="Key">What it is divided by: each value has a limit of its own; absent for nothing.</param>
/// <param name="OnLimit">Whether a job that has to wait is parked or dropped.</param>
/// <param name="Rule">What it allows.</param>
/// <param name="JobTypes">The job types that pass it, as far as this instance knows them.</param>
/// <param name="Waiting">The keys for which jobs wait, at most 100.</param>
internal sealed record LimitView(
    string Name, string? Key, OnLimit OnLimit, LimitRuleView Rule, IReadOnlyList<string> JobTypes, IReadOnlyList<string> Waiting);

/// <summary>All limits, by name.</summary>
internal sealed record LimitListView(IReadOnlyList<LimitView> Limits);

/// <summary>An instance that holds slots.</summary>
/// <param name="Instance">The name of the instance.</param>
/// <param name="Slots">The number of slots, used or not.</param>
/// <param name="Until">The end of its lease.</param>
internal sealed record LimitHolderView(string Instance, int Slots, DateTimeOffset Until);

/// <summary>A job that waits at a limit.</summary>
internal sealed record LimitWaitView(JobId Id, string Type, string Queue, DateTimeOffset Since);

/// <summary>A limit for one key.</summary>
/// <param name="Limit">The name of the limit.</param>
/// <param name="Key">The key; empty for a limit that is not divided.</param>
/// <param name="Rule">What it allows now.</param>
/// <param name="Changed">Who changed the configured rule, when and why; absent if it is in force.</param>
/// <param name="InUse">The slots that are held or reserved; absent without a concurrency.</param>
/// <param name="Holders">The instances that hold them.</param>
/// <param name="NextStartAt">When the rate allows the next start; absent without a rate.</param>
/// <param name="ClosedUntil">When it opens again; absent if it is open, or closed without an end.</param>
/// <param name="Closed">Who closed it, when and why; absent if it is open.</param>
/// <param name="Waiting">The first jobs that wait, in the order in which they will start.</param>
/// <param name="HasMore">Whether more jobs wait.</param>
internal sealed record GateView(
    string Limit,
    string Key,
    LimitRuleView Rule,
    string? Changed,
    int? InUse,
    IReadOnlyList<LimitHolderView> Holders,
    DateTimeOffset? NextStartAt,
    DateTimeOffset? ClosedUntil,
    string? Closed,
    IReadOnlyList<LimitWaitView> Waiting,
    bool HasMore)
{
    /// <summary>The number of waiting jobs that are shown.</summary>
    public const int MaxShown = 20;

    public static GateView Of(GateId gate, LimitRule rule, Lot lot, DateTimeOffset now)
    {
        var (meter, isClosed) = (lot.Meter, MeterRules.IsBlocked(lot.Meter, now));
        var owners = meter.LivingAt(now).ToList();
        return new GateView(
            gate.Limit,
            gate.Key,
            LimitRuleView.Of(rule),
            meter.OverrideWhy,
            rule.HasSlots ? owners.Sum(owner => owner.Slots) + meter.Granted : null,
            [.. owners.Select(owner => new LimitHolderView(owner.Instance, owner.Slots, owner.Until))],
            rule.Rate is null ? null : RateRules.NextAt(meter, rule.Rate, now),
            isClosed && meter.BlockedUntil < LimitControl.NoEnd ? meter.BlockedUntil : null,
            isClosed ? meter.BlockedWhy : null,
            [.. lot.Waiting.Take(MaxShown).Select(job => new LimitWaitView(job.Job, job.Type, job.Queue, job.ParkedAt))],
            lot.Waiting.Count > MaxShown);
    }
}
