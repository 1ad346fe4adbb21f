namespace JobPipeline.Limits.Rules;

/// <summary>What a limit allows for one key.</summary>
/// <param name="Concurrency">The maximum number of runs at the same time; null for no maximum.</param>
/// <param name="Rate">The maximum number of starts within a period; null for no maximum.</param>
internal sealed record LimitRule(int? Concurrency, LimitRate? Rate)
{
    /// <summary>The rule that allows everything.</summary>
    public static LimitRule None { get; } = new(null, null);

    /// <summary>Whether a permit has to be given back: only those of a concurrency have.</summary>
    public bool HasSlots => Concurrency is not null;

    /// <summary>Describes the rule, for people.</summary>
    public override string ToString() => (Concurrency, Rate) switch
    {
        ({ } slots, null) => $"{slots} at a time",
        (null, { } rate) => $"{rate.Count} per {rate.Period:c}",
        ({ } slots, { } rate) => $"{slots} at a time and {rate.Count} per {rate.Period:c}",
        _ => "no limit",
    };
}
