using JobPipeline.Monitoring.Alerts;

namespace JobPipeline.Http.Alerts;

/// <summary>Where an alert rule stands, in one word.</summary>
public enum AlertRuleState
{
    Disabled,
    Inactive,
    Pending,
    Firing,

    /// <summary>No notices; 'alerts' tells what there is all the same.</summary>
    Silenced,
}

/// <summary>Every alert rule.</summary>
/// <param name="EvaluatedBy">Who evaluates them. Only the pipeline itself knows states and heeds silences.</param>
/// <param name="Receivers">Who is told, by name.</param>
/// <param name="Rules">In the order of the rules' file.</param>
public sealed record AlertListView(AlertEvaluator EvaluatedBy, IReadOnlyList<AlertReceiverView> Receivers, IReadOnlyList<AlertRuleView> Rules);

/// <summary>Somebody who is told of alerts.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type of the jobs that tell it.</param>
/// <param name="LeastSevere">It is told of alerts of this severity and of more severe ones.</param>
public sealed record AlertReceiverView(string Name, string Type, int LeastSevere);

/// <summary>An alert rule as it is in force, and where it stands.</summary>
/// <param name="State">Of all its alerts the worst.</param>
/// <param name="Operator">The value is compared by it with the threshold: &gt;, &gt;= or &lt;.</param>
/// <param name="Threshold">In the metric's unit; of a share, 0 to 1.</param>
/// <param name="Window">How far back is looked.</param>
/// <param name="For">How long the condition must hold before it is an alert.</param>
/// <param name="Severity">0 critical, 1 error, 2 warning, 3 informational, 4 verbose.</param>
/// <param name="By">The attribute of which each value is an alert of its own.</param>
/// <param name="Runbook">The anchor of its section in docs/runbook.md.</param>
/// <param name="Alerts">One, or one for each value of the attribute that was seen.</param>
/// <param name="EvaluatedBy">Who evaluates it.</param>
public sealed record AlertRuleView(
    string Name,
    string Title,
    AlertRuleState State,
    string Metric,
    string? By,
    AlertAggregate Aggregate,
    string Operator,
    double Threshold,
    double? Minimum,
    TimeSpan Window,
    TimeSpan For,
    int Severity,
    string Runbook,
    IReadOnlyList<AlertStandingView> Alerts,
    AlertSilenceView? Silence,
    AlertEvaluator EvaluatedBy)
{
    internal static AlertRuleView Of(AlertRuleStanding standing, AlertEvaluator evaluator) => new(
        standing.Rule.Name,
        standing.Rule.Title,
        standing.Silence is null ? Enum.Parse<AlertRuleState>(standing.State.ToString()) : AlertRuleState.Silenced,
        standing.Rule.Metric,
        standing.Rule.By,
        standing.Rule.Aggregate,
        standing.Rule.Symbol,
        standing.Rule.Threshold,
        standing.Rule.Per?.Minimum,
        standing.Rule.Window,
        standing.Rule.For,
        standing.Rule.Severity,
        standing.Rule.Runbook,
        [.. standing.Alerts.Select(alert => new AlertStandingView(alert.AttributeValue, alert.State, alert.Since, alert.Value, alert.Instances))],
        standing.Silence is { } silence ? new AlertSilenceView(silence.Since, silence.Until, silence.By, silence.Reason) : null,
        evaluator);
}

/// <summary>One alert of a rule.</summary>
/// <param name="AttributeValue">The value of the rule's attribute.</param>
/// <param name="Since">Since when it fires or is pending.</param>
/// <param name="Value">What the instance that answers measured last.</param>
/// <param name="Instances">Where its condition holds.</param>
public sealed record AlertStandingView(string? AttributeValue, AlertState State, DateTimeOffset? Since, double? Value, IReadOnlyList<string> Instances);

/// <summary>No notices of a rule until a moment.</summary>
public sealed record AlertSilenceView(DateTimeOffset Since, DateTimeOffset Until, string By, string Reason);

/// <summary>The jobs that carry a test notice.</summary>
public sealed record AlertTestView(IReadOnlyList<AlertTestJobView> Jobs);

/// <summary>The job that carries a test notice to a receiver.</summary>
/// <param name="Receiver">The receiver's name.</param>
/// <param name="Id">The job.</param>
/// <param name="Url">Where to see what became of it.</param>
public sealed record AlertTestJobView(string Receiver, JobPipeline.Jobs.JobId Id, string Url);
