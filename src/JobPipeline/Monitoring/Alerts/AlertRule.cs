namespace JobPipeline.Monitoring.Alerts;

/// <summary>What is made of the values in a rule's window.</summary>
public enum AlertAggregate
{
    /// <summary>The sum of a counter's increases.</summary>
    Sum,

    /// <summary>The largest value of a gauge.</summary>
    Max,

    /// <summary>The mean of a gauge's values.</summary>
    Avg,
}

/// <summary>How a value is compared with the threshold.</summary>
public enum AlertOperator
{
    /// <summary><c>&gt;</c></summary>
    Above,

    /// <summary><c>&gt;=</c></summary>
    AtLeast,

    /// <summary><c>&lt;</c>: no data counts as 0.</summary>
    Below,
}

/// <summary>Makes a rule's value a share: the sum of the rule's metric over the sum of this one.</summary>
/// <param name="Metric">The whole.</param>
/// <param name="Filter">Which of its measurements count; empty: all.</param>
/// <param name="Minimum">Below that many in the window there is no value.</param>
public sealed record AlertShare(string Metric, IReadOnlyDictionary<string, IReadOnlyList<string>> Filter, double Minimum);

/// <summary>A rule of <c>infra/monitoring/alert-rules.json</c>, with what configuration says instead (<see cref="AlertRuleOptions"/>).</summary>
public sealed record AlertRule
{
    /// <summary>Unique; the alert is known by it everywhere.</summary>
    public required string Name { get; init; }

    /// <summary>What people read.</summary>
    public required string Title { get; init; }

    /// <summary>The instrument.</summary>
    public required string Metric { get; init; }

    /// <summary>Attributes and the values that count; all must fit. Empty: every measurement counts.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Filter { get; init; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    /// <summary>Null: the value is no share.</summary>
    public AlertShare? Per { get; init; }

    /// <summary>An attribute, each value of which is an alert of its own; null: there is one.</summary>
    public string? By { get; init; }

    public required AlertAggregate Aggregate { get; init; }

    public required AlertOperator Operator { get; init; }

    /// <summary>In the metric's unit; of a share, 0 to 1.</summary>
    public required double Threshold { get; init; }

    /// <summary>How far back is looked.</summary>
    public required TimeSpan Window { get; init; }

    /// <summary>How long the condition must hold before it is an alert.</summary>
    public required TimeSpan For { get; init; }

    /// <summary>How long the condition must not have held before the alert is over: a value that flutters is one alert.</summary>
    public TimeSpan ResolveAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>0 critical, 1 error, 2 warning, 3 informational, 4 verbose.</summary>
    public required int Severity { get; init; }

    /// <summary>The anchor of its section in <c>docs/runbook.md</c>.</summary>
    public required string Runbook { get; init; }

    /// <summary>False: it is not evaluated.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>The operator as the rules' file writes it.</summary>
    public string Symbol => AlertRuleReader.SymbolOf(Operator);

    internal bool IsMetBy(double value) => Operator switch
    {
        AlertOperator.Above => value > Threshold,
        AlertOperator.AtLeast => value >= Threshold,
        _ => value < Threshold,
    };
}
