using JobPipeline.Alerts.Evaluation;
using JobPipeline.Alerts.Notices;
using JobPipeline.Alerts.Rules;
using JobPipeline.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobPipeline.Alerts;

/// <summary>The state of one alert on this instance.</summary>
/// <param name="Rule">The name of the rule.</param>
/// <param name="Key">The value of the rule's attribute; null if it has none.</param>
/// <param name="Condition">The state of its condition.</param>
internal sealed record WatchedAlert(string Rule, string? Key, AlertCondition Condition);

/// <summary>
/// Evaluates the rules on the measurements of this instance, and updates the alerts shared by all instances: one query, and writes
/// only for changes. Must not be called concurrently.
/// </summary>
internal sealed class AlertWatch(
    AlertRules rules,
    AlertMeasurements measurements,
    IAlertStore store,
    AlertNotifications notices,
    LivingInstances living,
    WorkerIdentity worker,
    TimeProvider time,
    IOptions<AlertOptions> options,
    ILogger<AlertWatch> logger)
{
    /// <summary>The alerts of the last evaluation.</summary>
    public IReadOnlyList<WatchedAlert> Current { get; private set; } = [];

    /// <summary>Performs one evaluation.</summary>
    /// <exception cref="AggregateException">Some alerts could not be updated; the next evaluation retries.</exception>
    public async Task RoundAsync(CancellationToken cancellationToken)
    {
        // Measures first, so that no measurements are lost if storage is unavailable.
        var now = time.GetUtcNow();
        var readings = measurements.Read(now)
            .SelectMany(read => read.Readings.Select(reading => (read.Rule, reading.Key, reading.Value)))
            .ToList();
        var board = await store.ReadAsync(cancellationToken);
        var alerts = board.Alerts.ToDictionary(alert => (alert.Rule, alert.AttributeValue));
        Current = Conditions(readings, alerts, now);
        var context = new AlertContext(worker.Name, await LivingAsync(board, cancellationToken), options.Value.Runbook, now);
        var errors = new List<Exception>();
        foreach (var watched in Current)
        {
            var rule = rules.Find(watched.Rule)!;
            var before = alerts.GetValueOrDefault((watched.Rule, watched.Key));
            var silence = board.Silences.FirstOrDefault(silence => silence.Rule == watched.Rule);
            if (AlertDecision.Next(rule, watched.Key, before, watched.Condition, silence, context) is not { } next)
                continue;
            try
            {
                await StoreAsync(rule, before, next, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // A failure of one alert must not prevent the notifications of others.
                errors.Add(e);
            }
        }

        if (errors.Count > 0)
            throw new AggregateException(errors);
    }

    /// <summary>Returns the next conditions of all alerts that were measured, had a state to remember, or are stored.</summary>
    private List<WatchedAlert> Conditions(
        List<(AlertRule Rule, string? Key, double? Value)> readings, Dictionary<(string, string?), Alert> alerts, DateTimeOffset now)
    {
        var before = Current.ToDictionary(watched => (watched.Rule, watched.Key), watched => watched.Condition);
        var values = readings.ToDictionary(reading => (reading.Rule.Name, reading.Key), reading => reading.Value);
        var keys = values.Keys
            .Concat(before.Where(entry => entry.Value.IsOfInterest).Select(entry => entry.Key))
            .Concat(alerts.Keys.Where(key => rules.Find(key.Item1) is not null))
            .Distinct();
        return
        [
            .. keys.Select(key => new WatchedAlert(key.Item1, key.Item2, before.GetValueOrDefault(key).Next(
                rules.Find(key.Item1)!, values.GetValueOrDefault(key), alerts.GetValueOrDefault(key)?.FiringSince is not null, now))),
        ];
    }

    /// <summary>Returns the other live instances; queried only if an alert fires because of other instances.</summary>
    private async Task<IReadOnlySet<string>?> LivingAsync(AlertBoard board, CancellationToken cancellationToken)
    {
        var holding = Current.Where(watched => watched.Condition.Holds).Select(watched => (watched.Rule, watched.Key)).ToHashSet();
        var dependsOnOthers = board.Alerts.Any(alert =>
            alert.FiringSince is not null
            && !holding.Contains((alert.Rule, alert.AttributeValue))
            && alert.Witnesses.Any(witness => witness != worker.Name));
        return dependsOnOthers
            ? await living.ListAsync(cancellationToken)
            : null;
    }

    private async Task StoreAsync(AlertRule rule, Alert? before, Alert next, CancellationToken cancellationToken)
    {
        if (before is null || !next.IsSameAs(before))
        {
            if (await store.TryWriteAsync(next, cancellationToken) is not { } version)
                    // Another instance wrote first; the next evaluation starts from its row.
                return;
            next = next with { Version = version };
            if (before?.FiringSince is null && next.FiringSince is not null)
                AlertLog.Fires(logger, NameOf(next), next.Value, rule.Symbol, rule.Threshold);
            else if (before?.FiringSince is { } since && next.FiringSince is null)
                AlertLog.IsOver(logger, NameOf(next), since);
        }

        if (next.Unsent is { } notice)
        {
            // Stored as unsent before sending and as sent afterwards: after a crash in between, another evaluation sends it again.
            await notices.SendAsync(notice, cancellationToken);
            next = next with { Unsent = null };
            if (!next.IsOver)
                await store.TryWriteAsync(next, cancellationToken);
        }

        if (next.IsOver)
            await store.TryRemoveAsync(next, cancellationToken);
    }

    private static string NameOf(Alert alert) => alert.AttributeValue is { } value ? $"{alert.Rule} ({value})" : alert.Rule;
}
