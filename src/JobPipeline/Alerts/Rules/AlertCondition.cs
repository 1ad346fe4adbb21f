namespace JobPipeline.Alerts.Rules;

/// <summary>The state of a rule's condition on one instance, by its own measurements.</summary>
/// <param name="TrueSince">Since when it has been continuously true; null if it is not.</param>
/// <param name="LastTrueAt">When it was last true.</param>
/// <param name="Holds">Whether it has been true for long enough, and not false for long enough since.</param>
/// <param name="Value">The last measured value; null if nothing was measured.</param>
internal readonly record struct AlertCondition(DateTimeOffset? TrueSince, DateTimeOffset? LastTrueAt, bool Holds, double? Value)
{
    /// <summary>Whether it is true, but not for long enough yet.</summary>
    public bool IsPending => TrueSince is not null && !Holds;

    /// <summary>Whether there is a state to remember.</summary>
    public bool IsOfInterest => TrueSince is not null || Holds;

    /// <summary>Returns the next state of the condition.</summary>
    /// <param name="rule">The rule. Its <see cref="AlertRule.For"/> and <see cref="AlertRule.ResolveAfter"/> prevent a fluctuating
    /// value from creating many alerts.</param>
    /// <param name="value">The measured value; null if there is none, in which case the condition is false.</param>
    /// <param name="fires">Whether the alert is already firing on any instance; a true condition then does not have to wait again.</param>
    /// <param name="now">The current time.</param>
    public AlertCondition Next(AlertRule rule, double? value, bool fires, DateTimeOffset now)
    {
        if (!rule.IsEnabled || value is not { } measured || !rule.IsMetBy(measured))
            return new AlertCondition(null, LastTrueAt, Holds && rule.IsEnabled && now - LastTrueAt < rule.ResolveAfter, value);
        var since = TrueSince ?? now;
        return new AlertCondition(since, now, Holds || fires || now - since >= rule.For, measured);
    }
}
