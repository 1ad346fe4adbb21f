namespace JobPipeline.Alerts.Rules;

/// <summary>Where a rule's condition stands on one instance, by its own measurements.</summary>
/// <param name="TrueSince">Since when it has been true without a break; null: it is not.</param>
/// <param name="LastTrueAt">When it was true last.</param>
/// <param name="Holds">True: it has been true for long enough, and not false for long enough since.</param>
/// <param name="Value">What was measured last; null: nothing was.</param>
internal readonly record struct AlertCondition(DateTimeOffset? TrueSince, DateTimeOffset? LastTrueAt, bool Holds, double? Value)
{
    /// <summary>True: true, but not for long enough yet.</summary>
    public bool IsPending => TrueSince is not null && !Holds;

    /// <summary>False: there is nothing to remember.</summary>
    public bool IsOfInterest => TrueSince is not null || Holds;

    /// <param name="rule">Its <see cref="AlertRule.For"/> and <see cref="AlertRule.ResolveAfter"/> keep what flutters from being many alerts.</param>
    /// <param name="value">Null: there is none; the condition is not true.</param>
    /// <param name="fires">The alert fires already, by whoever's word: what is true then need not wait once more.</param>
    /// <param name="now">The time.</param>
    public AlertCondition Next(AlertRule rule, double? value, bool fires, DateTimeOffset now)
    {
        if (!rule.IsEnabled || value is not { } measured || !rule.IsMetBy(measured))
            return new AlertCondition(null, LastTrueAt, Holds && rule.IsEnabled && now - LastTrueAt < rule.ResolveAfter, value);
        var since = TrueSince ?? now;
        return new AlertCondition(since, now, Holds || fires || now - since >= rule.For, measured);
    }
}
