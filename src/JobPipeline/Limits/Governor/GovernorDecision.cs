using JobPipeline.Instances;

namespace JobPipeline.Limits.Governor;

/// <summary>
/// How many jobs an instance may start, by the memory in use: additive increase and multiplicative decrease, as TCP does, with a gap
/// between the two so that a load at the threshold does not make the level change back and forth. Running jobs are left alone.
/// docs/operations.md has the table; a test compares both.
/// </summary>
internal static class GovernorDecision
{
    /// <summary>What remains of the target after a step down.</summary>
    public const double Decrease = 0.75;

    /// <summary>The share of the capacity that a step up adds, at least one slot.</summary>
    public const double Increase = 0.05;

    /// <summary>How far the used share must fall below the threshold before the target is raised.</summary>
    public const double Gap = 0.10;

    /// <summary>The share of time lost to waiting for memory from which the gap counts as above the threshold.</summary>
    public const double HighPressure = 0.10;

    /// <summary>The time between two steps.</summary>
    public static readonly TimeSpan StepInterval = TimeSpan.FromSeconds(5);

    /// <summary>The time without a running job after which garbage is collected: nothing else gives back what ended jobs left.</summary>
    public static readonly TimeSpan CollectAfter = TimeSpan.FromSeconds(5);

    /// <summary>The time without a running job after which one is started regardless, so that a level is never closed for ever.</summary>
    public static readonly TimeSpan TrialAfter = TimeSpan.FromSeconds(60);

    /// <summary>Decides after a sample.</summary>
    public static GovernorState Next(GovernorState state, GovernorReading reading, GovernorOptions options)
    {
        if (reading.Sample is not { } sample)
            return new GovernorState { Since = state.Level == GovernorLevel.Open ? state.Since : reading.Now };
        var seen = Measured(state, sample, reading);
        var (level, step) = For(state.Level, LoadOf(seen, sample, options));
        var isNew = level != state.Level;
        var isDue = isNew || reading.Now - state.SteppedAt >= StepInterval;
        var next = seen with { Level = level, Since = isNew ? reading.Now : state.Since };
        if (isDue && step != TargetStep.None)
            next = next with { Target = TargetAfter(state, step, reading), SteppedAt = reading.Now };
        if (level == GovernorLevel.Easing && step == TargetStep.Raise && next.Target >= reading.Capacity)
            next = next with { Level = GovernorLevel.Open, Since = reading.Now };
        return next.Level == GovernorLevel.Closed ? WhileClosed(next, reading) : Running(next);
    }

    /// <summary>The level and the step that follow from a load.</summary>
    public static (GovernorLevel Level, TargetStep Step) For(GovernorLevel level, ResourceLoad load) => (level, load) switch
    {
        (_, ResourceLoad.Critical) => (GovernorLevel.Closed, TargetStep.Lower),
        (GovernorLevel.Closed, ResourceLoad.High) => (GovernorLevel.Closed, TargetStep.Lower),
        (_, ResourceLoad.High) => (GovernorLevel.Easing, TargetStep.Lower),
        (GovernorLevel.Closed, _) => (GovernorLevel.Easing, TargetStep.Keep),
        (GovernorLevel.Easing, ResourceLoad.Low) => (GovernorLevel.Easing, TargetStep.Raise),
        _ => (level, TargetStep.None),
    };

    /// <summary>Classifies a sample.</summary>
    internal static ResourceLoad LoadOf(GovernorState state, ResourceSample sample, GovernorOptions options)
    {
        var used = sample.UsedShare(options.ReserveBytes);
        var isThrottled = options.CpuThreshold is { } threshold && state.ThrottledShare >= threshold;
        if (used >= options.CloseAt)
            return ResourceLoad.Critical;
        if (used >= options.MemoryThreshold || isThrottled)
            return ResourceLoad.High;
        if (used < options.MemoryThreshold - Gap)
            return ResourceLoad.Low;
        return sample.Pressure >= HighPressure ? ResourceLoad.High : ResourceLoad.Medium;
    }

    /// <summary>
    /// A step down starts from what is running if that is less than the target, because a target above it would slow nothing down.
    /// </summary>
    private static int TargetAfter(GovernorState state, TargetStep step, GovernorReading reading)
    {
        var target = state.Level == GovernorLevel.Open ? reading.Capacity : state.Target;
        return step switch
        {
            TargetStep.Lower => Math.Max(1, (int)(Math.Min(target, Math.Max(1, reading.Running)) * Decrease)),
            TargetStep.Raise => target + Math.Max(1, (int)Math.Ceiling(reading.Capacity * Increase)),
            _ => target,
        };
    }

    private static GovernorState Running(GovernorState state) =>
        state with { IdleSince = null, IsTrial = false, Collects = false, HasCollected = false };

    private static GovernorState WhileClosed(GovernorState state, GovernorReading reading)
    {
        if (reading.Running > 0)
            return Running(state);
        var since = state.IdleSince ?? reading.Now;
        var idle = reading.Now - since;
        var startsTrial = idle >= TrialAfter && !state.IsTrial;
        var collects = startsTrial || (idle >= CollectAfter && !state.HasCollected);
        return state with
        {
            IdleSince = since,
            IsTrial = state.IsTrial || startsTrial,
            Collects = collects,
            HasCollected = state.HasCollected || collects,
        };
    }

    private static GovernorState Measured(GovernorState state, ResourceSample sample, GovernorReading reading)
    {
        var baseline = state.BaselineBytes is { } known && (reading.Running > 0 || known < sample.MemoryBytes) ? known : sample.MemoryBytes;
        var next = state with { Sample = sample, BaselineBytes = baseline };
        if (state.CpuMark is not { } mark)
            return next with { CpuMark = (sample, reading.Now) };
        if (reading.Now - mark.At < StepInterval)
            return next;
        var periods = sample.CpuPeriods - mark.Sample.CpuPeriods;
        var throttled = sample.ThrottledPeriods - mark.Sample.ThrottledPeriods;
        return next with { CpuMark = (sample, reading.Now), ThrottledShare = periods > 0 ? (double)throttled / periods : 0 };
    }
}

/// <summary>How much of its resources the process uses, compared with the settings.</summary>
internal enum ResourceLoad
{
    /// <summary>Below the threshold by more than the gap.</summary>
    Low,

    /// <summary>In the gap below the threshold.</summary>
    Medium,

    /// <summary>At the threshold or above, or in the gap while tasks wait for memory, or throttled by the processor quota.</summary>
    High,

    /// <summary>At the share at which the instance closes, or above.</summary>
    Critical,
}

/// <summary>What a decision does to the target.</summary>
internal enum TargetStep
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It stays, and the time until the next step begins.</summary>
    Keep,

    /// <summary>It is lowered.</summary>
    Lower,

    /// <summary>It is raised; at the capacity of the host the level opens.</summary>
    Raise,
}
