namespace JobPipeline.Alerts.Rules;

/// <summary>How the values in a rule's window are aggregated.</summary>
internal enum AlertAggregate
{
    /// <summary>The sum of a counter's increases.</summary>
    Sum,

    /// <summary>The largest value of a gauge.</summary>
    Max,

    /// <summary>The mean of a gauge's values.</summary>
    Avg,
}

/// <summary>How a value is compared with the threshold.</summary>
internal enum AlertOperator
{
    /// <summary><c>&gt;</c></summary>
    Above,

    /// <summary><c>&gt;=</c></summary>
    AtLeast,

    /// <summary><c>&lt;</c>: no data counts as 0.</summary>
    Below,
}

/// <summary>Turns a rule's value into a ratio: the sum of the rule's metric divided by the sum of this metric.</summary>
/// <param name="Metric">The metric of the denominator.</param>
/// <param name="Filter">The filter for its measurements; empty to include all.</param>
/// <param name="Minimum">The minimum of the denominator within the window; below it there is no value.</param>
internal sealed record AlertShare(string Metric, IReadOnlyDictionary<string, IReadOnlyList<string>> Filter, double Minimum);

/// <summary>
/// A rule of <c>src/JobPipeline/Alerts/Rules/alert-rules.json</c>, with the overrides of the configuration (<see
/// cref="AlertRuleOptions"/>).
/// </summary>
internal sealed record AlertRule
{
    /// <summary>The unique name, which identifies the rule everywhere.</summary>
    public required string Name { get; init; }

    /// <summary>The title, for people.</summary>
    public required string Title { get; init; }

    /// <summary>The name of the instrument.</summary>
    public required string Metric { get; init; }

    /// <summary>Attributes and the values to include, all of which must match. Empty to include every measurement.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Filter { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    /// <summary>The denominator; null if the value is not a ratio.</summary>
    public AlertShare? Per { get; init; }

    /// <summary>The attribute whose values have separate alerts; null if the rule has a single alert.</summary>
    public string? By { get; init; }

    public required AlertAggregate Aggregate { get; init; }

    public required AlertOperator Operator { get; init; }

    /// <summary>The threshold, in the metric's unit; 0 to 1 for a ratio.</summary>
    public required double Threshold { get; init; }

    /// <summary>The time window.</summary>
    public required TimeSpan Window { get; init; }

    /// <summary>How long the condition must be true before the alert fires.</summary>
    public required TimeSpan For { get; init; }

    /// <summary>How long the condition must be false before the alert resolves, so that a fluctuating value yields one alert.</summary>
    public TimeSpan ResolveAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>0 critical, 1 error, 2 warning, 3 informational, 4 verbose.</summary>
    public required int Severity { get; init; }

    /// <summary>The anchor of its section in <c>docs/runbook.md</c>.</summary>
    public required string Runbook { get; init; }

    /// <summary>Whether the rule is evaluated.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>The operator as in the rules file.</summary>
    public string Symbol => AlertRuleReader.SymbolOf(Operator);

    internal bool IsMetBy(double value) => Operator switch
    {
        AlertOperator.Above => value > Threshold,
        AlertOperator.AtLeast => value >= Threshold,
        _ => value < Threshold,
    };
}
