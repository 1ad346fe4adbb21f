using JobPipeline.Alerts;
using JobPipeline.Alerts.Rules;

namespace JobPipeline.Http.Alerts;

/// <summary>The state of an alert rule.</summary>
internal enum AlertRuleState
{
    Disabled,
    Inactive,
    Pending,
    Firing,

    /// <summary>Notifications are suppressed; the member 'alerts' still shows the states.</summary>
    Silenced,
}

/// <summary>All alert rules.</summary>
/// <param name="EvaluatedBy">What evaluates the rules. States and silences are available only if the pipeline itself does.</param>
/// <param name="Receivers">The receivers of notifications.</param>
/// <param name="Rules">The rules, in the order of the rules file.</param>
internal sealed record AlertListView(
    AlertEvaluator EvaluatedBy, IReadOnlyList<AlertReceiverView> Receivers, IReadOnlyList<AlertRuleView> Rules);

/// <summary>A receiver of alert notifications.</summary>
/// <param name="Name">The name of the receiver.</param>
/// <param name="Type">The type of the jobs that notify the receiver.</param>
/// <param name="LeastSevere">The lowest severity of which the receiver is notified; 0 is the highest.</param>
internal sealed record AlertReceiverView(string Name, string Type, int LeastSevere);

/// <summary>An alert rule in force, with its state.</summary>
/// <param name="State">The worst state of its alerts.</param>
/// <param name="Operator">The operator that compares the value with the threshold: &gt;, &gt;= or &lt;.</param>
/// <param name="Threshold">The threshold in the metric's unit, or from 0 to 1 for a ratio.</param>
/// <param name="Window">The time window over which the metric is aggregated.</param>
/// <param name="For">How long the condition must hold before the alert fires.</param>
/// <param name="Severity">0 critical, 1 error, 2 warning, 3 informational, 4 verbose.</param>
/// <param name="By">The attribute whose values each have an alert of their own.</param>
/// <param name="Runbook">The anchor of the rule's section in docs/runbook.md.</param>
/// <param name="Alerts">One alert, or one for each value of the attribute that was observed.</param>
/// <param name="EvaluatedBy">What evaluates the rule.</param>
internal sealed record AlertRuleView(
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
        [
            .. standing.Alerts.Select(
                alert => new AlertStandingView(alert.AttributeValue, alert.State, alert.Since, alert.Value, alert.Instances)),
        ],
        standing.Silence is { } silence ? new AlertSilenceView(silence.Since, silence.Until, silence.By, silence.Reason) : null,
        evaluator);
}

/// <summary>One alert of a rule.</summary>
/// <param name="AttributeValue">The value of the rule's attribute.</param>
/// <param name="Since">When it became pending or started to fire.</param>
/// <param name="Value">The last value measured by the instance that answers.</param>
/// <param name="Instances">The instances on which its condition holds.</param>
internal sealed record AlertStandingView(
    string? AttributeValue, AlertState State, DateTimeOffset? Since, double? Value, IReadOnlyList<string> Instances);

/// <summary>A silence: no notifications of a rule until a given time.</summary>
internal sealed record AlertSilenceView(DateTimeOffset Since, DateTimeOffset Until, string By, string Reason);

/// <summary>The response to a test: the jobs that send the test notification.</summary>
internal sealed record AlertTestView(IReadOnlyList<AlertTestJobView> Jobs);

/// <summary>The job that sends a test notification to one receiver.</summary>
/// <param name="Receiver">The name of the receiver.</param>
/// <param name="Id">The id of the job.</param>
/// <param name="Url">The path of the job.</param>
internal sealed record AlertTestJobView(string Receiver, JobPipeline.Jobs.JobId Id, string Url);
