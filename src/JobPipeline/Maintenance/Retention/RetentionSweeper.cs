using JobPipeline.Configuration;
using JobPipeline.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobPipeline.Maintenance.Retention;

/// <summary>
/// Removes ended jobs and everything that belongs to them, day by day of their ids, once the whole day is past its retention. It goes
/// in bounded steps and saves its place after each, so that any instance can continue where another one stopped. If items have to
/// stay (jobs that have not ended, or ended late), their day is listed for another check. No table is ever scanned.
/// </summary>
internal sealed class RetentionSweeper
{
    /// <summary>The name of its ledger.</summary>
    public const string Name = "retention";

    private const int KeySlicesPerRun = 11;

    /// <summary>
    /// Added to the day and the retention: most jobs of the day's last minutes have ended by then, so one check is enough.
    /// </summary>
    private static readonly TimeSpan Margin = TimeSpan.FromHours(1);

    private readonly ISweepLedger _ledger;
    private readonly SweepTurn _turn;
    private readonly IUniqueKeySweep _keys;
    private readonly IRetentionSweep[] _sweeps;
    private readonly JobMetrics _metrics;
    private readonly TimeSpan _retention;
    private readonly MaintenanceOptions _options;
    private readonly ILogger<RetentionSweeper> _logger;

    public RetentionSweeper(
        [FromKeyedServices(Name)] ISweepLedger ledger,
        IUniqueKeySweep keys,
        IEnumerable<IRetentionSweep> sweeps,
        JobMetrics metrics,
        IOptions<JobPipelineOptions> pipeline,
        IOptions<MaintenanceOptions> options,
        ILogger<RetentionSweeper> logger)
    {
        (_ledger, _keys, _metrics, _logger) = (ledger, keys, metrics, logger);
        (_retention, _options) = (pipeline.Value.Retention, options.Value);
        _turn = new SweepTurn(ledger, _options.RetentionInterval);
        _sweeps = [.. sweeps.OrderBy(sweep => sweep.Order)];
    }

    /// <summary>Runs the sweeps. Returns null if they are not due yet or are running on another instance.</summary>
    public async Task<RetentionReport?> RunAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await _turn.TakeAsync(now, () => FindFirstAsync(now, cancellationToken), cancellationToken) is not { } mark)
            return null;
        var removed = _sweeps.ToDictionary(sweep => sweep.Kind, _ => 0, StringComparer.Ordinal);
        var step = new SweepStep(now, now - _retention, _options.StepSize);
        var hasMore = true;
        for (var i = 0; i < _options.StepsPerRun && hasMore; i++)
        {
            if (await _ledger.ListDueAsync(now, 1, cancellationToken) is [var leftover])
                await RevisitAsync(leftover, step, removed, cancellationToken);
            else if (IsPastRetention(mark.Place.From, now))
                mark = mark with { Place = await AdvanceAsync(mark.Place, step, removed, cancellationToken) };
            else
                hasMore = false;
            if (await _ledger.TryWriteAsync(mark, cancellationToken) is not { } version)
                return Report(removed, hasMore: true);
            mark = mark with { Version = version };
        }

        mark = hasMore ? mark : await SweepKeysAsync(mark, now, removed, cancellationToken);
        await _turn.ReturnAsync(mark, hasMore ? now : now + _options.RetentionInterval, cancellationToken);
        return Report(removed, hasMore);
    }

    private async Task<SweepPlace> FindFirstAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var first = DateOnly.FromDateTime((now - _retention).UtcDateTime);
        foreach (var sweep in _sweeps)
            first = await sweep.FindOldestAsync(cancellationToken) is { } oldest && oldest < first ? oldest : first;
        return new SweepPlace(new DateTimeOffset(first, TimeOnly.MinValue, TimeSpan.Zero), _sweeps[0].Kind);
    }

    private bool IsPastRetention(DateTimeOffset day, DateTimeOffset now) => day.AddDays(1) + _retention + Margin <= now;

    /// <summary>Performs a step at the current place and returns the next place.</summary>
    private async Task<SweepPlace> AdvanceAsync(
        SweepPlace place, SweepStep step, Dictionary<string, int> removed, CancellationToken cancellationToken)
    {
        var next = await SweepAsync(place, step, removed, cancellationToken);
        if (next.Position is not null)
            return next;
        if (next.LookAgainAt is { } at)
            await _ledger.PutLeftoverAsync(Leftover(next, at, step), cancellationToken);
        var following = Array.FindIndex(_sweeps, sweep => sweep.Kind == place.Kind) + 1;
        return following < _sweeps.Length
            ? new SweepPlace(place.From, _sweeps[following].Kind)
            : new SweepPlace(place.From.AddDays(1), _sweeps[0].Kind);
    }

    /// <summary>Performs a step at a place that had items left.</summary>
    private async Task RevisitAsync(
        SweepLeftover leftover, SweepStep step, Dictionary<string, int> removed, CancellationToken cancellationToken)
    {
        var next = await SweepAsync(leftover.Place, step, removed, cancellationToken);
        if (next.Position is not null)
        {
            await _ledger.PutLeftoverAsync(leftover with { Place = next }, cancellationToken);
            return;
        }

        if (next.LookAgainAt is { } at)
            await _ledger.PutLeftoverAsync(Leftover(next, at, step), cancellationToken);
        await _ledger.RemoveLeftoverAsync(leftover, cancellationToken);
    }

    private async Task<SweepPlace> SweepAsync(
        SweepPlace place, SweepStep step, Dictionary<string, int> removed, CancellationToken cancellationToken)
    {
        // A kind of an older release that no longer exists has nothing to remove.
        if (Array.Find(_sweeps, sweep => sweep.Kind == place.Kind) is not { } sweep)
            return place with { Position = null, LookAgainAt = null };
        var result = await sweep.SweepAsync(DateOnly.FromDateTime(place.From.UtcDateTime), place.Position, step, cancellationToken);
        removed[place.Kind] += result.Removed;
        return place with { Position = result.Position, LookAgainAt = Earlier(place.LookAgainAt, result.LookAgainAt) };
    }

    /// <summary>Schedules the next check, but not for the end of every single job.</summary>
    private static SweepLeftover Leftover(SweepPlace place, DateTimeOffset at, SweepStep step)
    {
        var soonest = step.Now + RetentionRules.LookPause;
        return new SweepLeftover(place with { LookAgainAt = null }, at > soonest ? at : soonest);
    }

    private async Task<SweepWatermark> SweepKeysAsync(
        SweepWatermark mark, DateTimeOffset now, Dictionary<string, int> removed, CancellationToken cancellationToken)
    {
        var keys = 0;
        for (var i = 0; i < KeySlicesPerRun; i++)
            keys += await _keys.SweepAsync((mark.Slice + i) % _keys.Slices, now, _options.StepSize, cancellationToken);
        removed["keys"] = keys;
        return mark with { Slice = (mark.Slice + KeySlicesPerRun) % _keys.Slices };
    }

    private RetentionReport Report(Dictionary<string, int> removed, bool hasMore)
    {
        foreach (var (kind, count) in removed.Where(entry => entry.Value > 0))
            _metrics.Removed(kind, count);
        if (removed.Values.Any(count => count > 0))
            MaintenanceLog.Removed(_logger, string.Join(", ", removed.Select(entry => $"{entry.Value} {entry.Key}")), hasMore);
        return new RetentionReport(removed, hasMore);
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? a, DateTimeOffset? b) => a is null || b < a ? b : a;
}
