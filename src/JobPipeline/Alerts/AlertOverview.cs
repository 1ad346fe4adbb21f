using JobPipeline.Alerts.Evaluation;
using JobPipeline.Alerts.Rules;
using JobPipeline.Configuration;
using Microsoft.Extensions.Options;

namespace JobPipeline.Alerts;

/// <summary>The state of a rule or of one of its alerts.</summary>
internal enum AlertState
{
    /// <summary>The rule is disabled.</summary>
    Disabled,

    /// <summary>The condition is false.</summary>
    Inactive,

    /// <summary>The condition is true on the responding instance, but not for long enough yet.</summary>
    Pending,

    /// <summary>The alert is firing.</summary>
    Firing,
}

/// <summary>What evaluates the rules.</summary>
internal enum AlertEvaluator
{
    /// <summary>The instances themselves.</summary>
    Pipeline,

    /// <summary>Azure Monitor, by scheduled query rules; silences stored by the pipeline have no effect there.</summary>
    AzureMonitor,

    /// <summary>
    /// Nothing in the pipeline (<see cref="AlertOptions.Enabled"/> is false); possibly a system that scrapes the metrics.
    /// </summary>
    Nobody,
}

/// <summary>The status of one alert of a rule.</summary>
/// <param name="AttributeValue">The value of the rule's attribute; null if it has none.</param>
/// <param name="State">The state of the alert.</param>
/// <param name="Since">Since when it has been firing or pending.</param>
/// <param name="Value">The value last measured by the responding instance; null if there is none.</param>
/// <param name="Instances">The instances on which its condition holds.</param>
internal sealed record AlertStanding(
    string? AttributeValue, AlertState State, DateTimeOffset? Since, double? Value, IReadOnlyList<string> Instances);

/// <summary>The status of a rule.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="State">The highest state of its alerts.</param>
/// <param name="Alerts">Its alerts.</param>
/// <param name="Silence">Its silence, while it is active.</param>
internal sealed record AlertRuleStanding(
    AlertRule Rule, AlertState State, IReadOnlyList<AlertStanding> Alerts, AlertSilence? Silence);

/// <summary>Returns the status of the rules.</summary>
internal sealed class AlertOverview
{
    private readonly AlertRules _rules;
    private readonly IAlertStore _store;
    private readonly Func<IReadOnlyList<WatchedAlert>> _watched;
    private readonly TimeProvider _time;

    internal AlertOverview(
        AlertRules rules,
        IAlertStore store,
        Func<IReadOnlyList<WatchedAlert>> watched,
        TimeProvider time,
        IOptions<AlertOptions> options,
        HostKind? host)
    {
        (_rules, _store, _time) = (rules, store, time);
        Evaluator = host?.Name == HostKind.Functions ? AlertEvaluator.AzureMonitor
            : options.Value.Enabled ? AlertEvaluator.Pipeline
            : AlertEvaluator.Nobody;
        _watched = Evaluator == AlertEvaluator.Pipeline ? watched : () => [];
    }

    /// <summary>What evaluates the rules of this host.</summary>
    public AlertEvaluator Evaluator { get; }

    /// <summary>Returns the status of every rule, in the order of the rules file: one query.</summary>
    public async Task<IReadOnlyList<AlertRuleStanding>> ListAsync(CancellationToken cancellationToken)
    {
        var board = await _store.ReadAsync(cancellationToken);
        var watched = _watched();
        return [.. _rules.All.Select(rule => Of(rule, board, watched))];
    }

    /// <summary>Returns the status of a rule; null if it does not exist.</summary>
    public async Task<AlertRuleStanding?> FindAsync(string rule, CancellationToken cancellationToken) =>
        _rules.Find(rule) is { } found ? Of(found, await _store.ReadAsync(cancellationToken), _watched()) : null;

    private AlertRuleStanding Of(AlertRule rule, AlertBoard board, IReadOnlyList<WatchedAlert> watched)
    {
        var stored = board.Alerts
            .Where(alert => alert.Rule == rule.Name && alert.FiringSince is not null)
            .ToDictionary(alert => alert.AttributeValue ?? "", StringComparer.Ordinal);
        var own = watched
            .Where(alert => alert.Rule == rule.Name)
            .ToDictionary(alert => alert.Key ?? "", alert => alert.Condition, StringComparer.Ordinal);
        var alerts = own.Keys.Union(stored.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(key => Of(rule.By is null ? null : key, stored.GetValueOrDefault(key), own.GetValueOrDefault(key))).ToList();
        var state = rule.IsEnabled ? alerts.Select(alert => alert.State).DefaultIfEmpty(AlertState.Inactive).Max() : AlertState.Disabled;
        var silence = board.Silences.FirstOrDefault(silence => silence.Rule == rule.Name && silence.Until > _time.GetUtcNow());
        return new AlertRuleStanding(rule, state, alerts, silence);
    }

    private static AlertStanding Of(string? key, Alert? stored, AlertCondition own) =>
        stored is not null ? new AlertStanding(key, AlertState.Firing, stored.FiringSince, own.Value ?? stored.Value, stored.Witnesses)
        : own.IsPending ? new AlertStanding(key, AlertState.Pending, own.TrueSince, own.Value, [])
        : new AlertStanding(key, AlertState.Inactive, null, own.Value, []);
}
