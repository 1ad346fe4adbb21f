using JobPipeline.Alerts.Evaluation;
using JobPipeline.Alerts.Rules;
using JobPipeline.Configuration;
using Microsoft.Extensions.Options;

namespace JobPipeline.Alerts;

/// <summary>Where a rule or one of its alerts stands.</summary>
public enum AlertState
{
    /// <summary>The rule is switched off.</summary>
    Disabled,

    /// <summary>Nothing is wrong.</summary>
    Inactive,

    /// <summary>The condition is true on the instance that answers, but not for long enough yet.</summary>
    Pending,

    /// <summary>It fires.</summary>
    Firing,
}

/// <summary>Who evaluates the rules.</summary>
public enum AlertEvaluator
{
    /// <summary>The instances themselves.</summary>
    Pipeline,

    /// <summary>Azure Monitor, by scheduled query rules: silences kept here have no effect there.</summary>
    AzureMonitor,

    /// <summary>Nobody here (<see cref="AlertOptions.Enabled"/>); whoever scrapes the metrics, perhaps.</summary>
    Nobody,
}

/// <summary>One alert of a rule.</summary>
/// <param name="AttributeValue">The value of the rule's attribute; null: it has none.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Since">Since when it fires or is pending.</param>
/// <param name="Value">What the instance that answers measured last; null: nothing.</param>
/// <param name="Instances">Where its condition holds.</param>
public sealed record AlertStanding(string? AttributeValue, AlertState State, DateTimeOffset? Since, double? Value, IReadOnlyList<string> Instances);

/// <summary>A rule, its alerts, and its silence while that lasts.</summary>
public sealed record AlertRuleStanding(AlertRule Rule, AlertState State, IReadOnlyList<AlertStanding> Alerts, AlertSilence? Silence);

/// <summary>Tells where every rule stands.</summary>
public sealed class AlertOverview
{
    private readonly AlertRules _rules;
    private readonly IAlertStore _store;
    private readonly Func<IReadOnlyList<WatchedAlert>> _watched;
    private readonly TimeProvider _time;

    internal AlertOverview(AlertRules rules, IAlertStore store, Func<IReadOnlyList<WatchedAlert>> watched, TimeProvider time, IOptions<AlertOptions> options, HostKind? host)
    {
        (_rules, _store, _time) = (rules, store, time);
        Evaluator = host?.Name == HostKind.Functions ? AlertEvaluator.AzureMonitor : options.Value.Enabled ? AlertEvaluator.Pipeline : AlertEvaluator.Nobody;
        _watched = Evaluator == AlertEvaluator.Pipeline ? watched : () => [];
    }

    /// <summary>Who evaluates the rules of this host.</summary>
    public AlertEvaluator Evaluator { get; }

    /// <summary>Every rule in the file's order: one query.</summary>
    public async Task<IReadOnlyList<AlertRuleStanding>> ListAsync(CancellationToken cancellationToken)
    {
        var board = await _store.ReadAsync(cancellationToken);
        var watched = _watched();
        return [.. _rules.All.Select(rule => Of(rule, board, watched))];
    }

    /// <summary>Null: there is no such rule.</summary>
    public async Task<AlertRuleStanding?> FindAsync(string rule, CancellationToken cancellationToken) =>
        _rules.Find(rule) is { } found ? Of(found, await _store.ReadAsync(cancellationToken), _watched()) : null;

    private AlertRuleStanding Of(AlertRule rule, AlertBoard board, IReadOnlyList<WatchedAlert> watched)
    {
        var stored = board.Alerts.Where(alert => alert.Rule == rule.Name && alert.FiringSince is not null).ToDictionary(alert => alert.AttributeValue ?? "", StringComparer.Ordinal);
        var own = watched.Where(alert => alert.Rule == rule.Name).ToDictionary(alert => alert.Key ?? "", alert => alert.Condition, StringComparer.Ordinal);
        var alerts = own.Keys.Union(stored.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(key => Of(rule.By is null ? null : key, stored.GetValueOrDefault(key), own.GetValueOrDefault(key))).ToList();
        var state = rule.IsEnabled ? alerts.Select(alert => alert.State).DefaultIfEmpty(AlertState.Inactive).Max() : AlertState.Disabled;
        return new AlertRuleStanding(rule, state, alerts, board.Silences.FirstOrDefault(silence => silence.Rule == rule.Name && silence.Until > _time.GetUtcNow()));
    }

    private static AlertStanding Of(string? key, Alert? stored, AlertCondition own) =>
        stored is not null ? new AlertStanding(key, AlertState.Firing, stored.FiringSince, own.Value ?? stored.Value, stored.Witnesses)
        : own.IsPending ? new AlertStanding(key, AlertState.Pending, own.TrueSince, own.Value, [])
        : new AlertStanding(key, AlertState.Inactive, null, own.Value, []);
}
