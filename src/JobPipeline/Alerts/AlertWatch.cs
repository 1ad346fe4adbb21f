using JobPipeline.Alerts.Evaluation;
using JobPipeline.Alerts.Notices;
using JobPipeline.Alerts.Rules;
using JobPipeline.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobPipeline.Alerts;

/// <summary>A rule's value on this instance, and where its condition stands.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="Key">The value of its attribute; null: it has none.</param>
/// <param name="Condition">Where it stands.</param>
internal sealed record WatchedAlert(string Rule, string? Key, AlertCondition Condition);

/// <summary>
/// Evaluates the rules on what this instance measured, and brings the alerts that all instances share up to date: one query,
/// writes only where something changed. Not to be called by two at a time.
/// </summary>
internal sealed class AlertWatch(
    AlertRules rules,
    AlertMeasurements measurements,
    IAlertStore store,
    AlertNotices notices,
    LivingInstances living,
    WorkerIdentity worker,
    TimeProvider time,
    IOptions<AlertOptions> options,
    ILogger<AlertWatch> logger)
{
    /// <summary>Every value of the last round.</summary>
    public IReadOnlyList<WatchedAlert> Current { get; private set; } = [];

    /// <exception cref="AggregateException">Some alerts could not be brought up to date; the next round does it.</exception>
    public async Task RoundAsync(CancellationToken cancellationToken)
    {
        // Measured first: should the storage be away, nothing of it is lost.
        var now = time.GetUtcNow();
        var readings = measurements.Read(now).SelectMany(read => read.Readings.Select(reading => (read.Rule, reading.Key, reading.Value))).ToList();
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
                // What is wrong with one alert must not keep the others from being told.
                errors.Add(e);
            }
        }

        if (errors.Count > 0)
            throw new AggregateException(errors);
    }

    /// <summary>Of all that was measured, all that was of interest before, and all that is on record.</summary>
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

    /// <summary>Who else is alive: asked for only where an alert rests on the word of others.</summary>
    private async Task<IReadOnlySet<string>?> LivingAsync(AlertBoard board, CancellationToken cancellationToken)
    {
        var holding = Current.Where(watched => watched.Condition.Holds).Select(watched => (watched.Rule, watched.Key)).ToHashSet();
        return board.Alerts.Any(alert => alert.FiringSince is not null && !holding.Contains((alert.Rule, alert.AttributeValue)) && alert.Witnesses.Any(witness => witness != worker.Name))
            ? await living.ListAsync(cancellationToken)
            : null;
    }

    private async Task StoreAsync(AlertRule rule, Alert? before, Alert next, CancellationToken cancellationToken)
    {
        if (before is null || !next.IsSameAs(before))
        {
            if (await store.TryWriteAsync(next, cancellationToken) is not { } version)
                // Another instance was faster: the next round starts from what it wrote.
                return;
            next = next with { Version = version };
            if (before?.FiringSince is null && next.FiringSince is not null)
                AlertLog.Fires(logger, NameOf(next), next.Value, rule.Symbol, rule.Threshold);
            else if (before?.FiringSince is { } since && next.FiringSince is null)
                AlertLog.IsOver(logger, NameOf(next), since);
        }

        if (next.Unsent is { } notice)
        {
            // On record as unsent first, and as sent last: whoever finds it after a crash in between sends it again.
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
