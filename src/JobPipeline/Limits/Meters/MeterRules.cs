using JobPipeline.Limits.Rules;

namespace JobPipeline.Limits.Meters;

/// <summary>The arithmetic of a gate's slots. Pure.</summary>
internal static class MeterRules
{
    /// <summary>The difference between the clocks of two instances that no promise depends on.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The number of slots that are neither held nor reserved; negative after the limit was lowered. The lowest limit of all
    /// living owners is in force, so that instances that disagree, as during a deployment, never exceed the lower one.
    /// </summary>
    public static int FreeSlots(Meter meter, LimitRule rule, DateTimeOffset now)
    {
        if (rule.Concurrency is not { } limit)
            return int.MaxValue;
        var held = 0;
        foreach (var owner in meter.LivingAt(now))
        {
            held += owner.Slots;
            limit = Math.Min(limit, owner.Limit);
        }

        return limit - held - meter.Granted;
    }

    /// <summary>The slots that an instance holds; 0 once its lease has run out.</summary>
    public static int SlotsOf(Meter meter, string instance, DateTimeOffset now) =>
        meter.Owners.FirstOrDefault(owner => owner.Instance == instance && owner.Until > now)?.Slots ?? 0;

    /// <summary>The end of an instance's lease; null if it holds no slots.</summary>
    public static DateTimeOffset? LeaseOf(Meter meter, string instance) =>
        meter.Owners.FirstOrDefault(owner => owner.Instance == instance)?.Until;

    /// <summary>Sets what an instance holds, and forgets owners whose lease ran out. An instance without slots has no entry.</summary>
    public static Meter WithSlots(Meter meter, LimitRule rule, string instance, int slots, DateTimeOffset now, TimeSpan lease)
    {
        var owners = meter.LivingAt(now).Where(owner => owner.Instance != instance);
        if (slots > 0 && rule.Concurrency is { } limit)
            owners = owners.Append(new SlotOwner(instance, slots, limit, now + lease));
        return meter with { Owners = [.. owners] };
    }

    public static bool IsBlocked(Meter meter, DateTimeOffset now) => meter.BlockedUntil > now;

    /// <summary>
    /// When the meter says no more than one that was never written, so that its row may be removed; null if that is not a matter of time.
    /// </summary>
    public static DateTimeOffset? FreshAt(Meter meter, LimitRule rule, DateTimeOffset now)
    {
        if (meter is not { HasLot: false, Granted: 0, Override: null } || meter.LivingAt(now).Any())
            return null;
        var at = RateRules.OwesNothingFrom(meter, rule.Rate) is { } rate ? rate + ClockSkew : now;
        return meter.BlockedUntil + ClockSkew is { } blocked && blocked > at ? blocked : at;
    }

    /// <inheritdoc cref="FreshAt"/>
    public static bool IsFresh(Meter meter, LimitRule rule, DateTimeOffset now) => FreshAt(meter, rule, now) <= now;
}
