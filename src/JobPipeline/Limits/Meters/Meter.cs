using JobPipeline.Limits.Rules;

namespace JobPipeline.Limits.Meters;

/// <summary>
/// What a gate has given out: one row, changed under its version. Capacity is owned, never counted: what is free follows from the
/// owners that live.
/// </summary>
internal sealed record Meter
{
    /// <summary>The meter of a gate that nothing has passed yet.</summary>
    public static Meter Fresh { get; } = new();

    /// <summary>The rule that the last writer went by, for instances that do not know the limit; null before the first write.</summary>
    public LimitRule? Rule { get; init; }

    /// <summary>The rule that replaces the configured one, set while the gate is in use; null for none.</summary>
    public LimitRule? Override { get; init; }

    /// <summary>Who set it, when and why.</summary>
    public string? OverrideWhy { get; init; }

    /// <summary>The instances that hold slots.</summary>
    public IReadOnlyList<SlotOwner> Owners { get; init; } = [];

    /// <summary>The number of parked jobs that were granted and have not started: each has a slot reserved.</summary>
    public int Granted { get; init; }

    /// <summary>
    /// The theoretical arrival time of the next start (<see cref="Configuration.LimitAlgorithm.Gcra"/>); null while no start counts.
    /// </summary>
    public DateTimeOffset? NextArrival { get; init; }

    /// <summary>The start of the window that <see cref="Used"/> counts (<see cref="Configuration.LimitAlgorithm.FixedWindow"/>).</summary>
    public DateTimeOffset? Window { get; init; }

    /// <summary>The number of permits that were given out in the window.</summary>
    public int Used { get; init; }

    /// <summary>
    /// Whether jobs are parked. The gate is then closed to everybody but the release turn, so that those that wait come first.
    /// </summary>
    public bool HasLot { get; init; }

    /// <summary>When the next release turn is due; null without a lot. The due index has a row with the same time.</summary>
    public DateTimeOffset? TurnDue { get; init; }

    /// <summary>The gate lets nothing start until then: it was closed by hand, or the service asked for a pause. Null when it is
    /// open.</summary>
    public DateTimeOffset? BlockedUntil { get; init; }

    /// <summary>Why it is closed, for people.</summary>
    public string? BlockedWhy { get; init; }

    /// <summary>The stored version; null before it is stored.</summary>
    public string? Version { get; init; }

    /// <summary>The instances whose lease has not run out.</summary>
    public IEnumerable<SlotOwner> LivingAt(DateTimeOffset now) => Owners.Where(owner => owner.Until + MeterRules.ClockSkew >= now);
}
