using JobPipeline.Jobs;
using JobPipeline.Limits.Pauses;
using JobPipeline.Maintenance.Queues;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobPipeline.Maintenance.Overdue;

/// <summary>
/// Finds jobs that should have been seen by now and were not, although no instance that died tells of them, and sends their
/// messages again. On a healthy system it finds nothing. It goes hour by hour of the job ids: the newest hour at every run,
/// an hour that holds open jobs when the first of them may be overdue, and every other one three times in all. What looks
/// overdue is looked at a second time before anything is sent: a look at a queue catches one moment, in which the message
/// may be in somebody's hands.
/// </summary>
internal sealed class OverdueSweep(
    [FromKeyedServices(OverdueSweep.Name)] ISweepLedger ledger,
    IOpenJobList openJobs,
    LaneHeads laneHeads,
    OverdueResend resend,
    PauseRegistry pauses,
    IOptions<HousekeepingOptions> options,
    ILogger<OverdueSweep> logger)
{
    /// <summary>The name of its ledger.</summary>
    public const string Name = "overdue";

    private const string FirstLook = "look";

    /// <summary>A first look, not yet through, that found something.</summary>
    private const string Suspicion = "suspicion";
    private const string SecondLook = "confirm";

    /// <summary>A second look comes when a message that was in somebody's hands has been seen: margins are many times as long as such moments.</summary>
    private const int SecondLookShare = 5;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>
    /// After its end an hour may still get jobs: a dropped message has the id of its insertion, and no record before it is
    /// first seen, a week later at the most where it was sent with a delay.
    /// </summary>
    private static readonly TimeSpan[] LateLooks = [JobLimits.MaxClockSkew, TimeSpan.FromDays(1), TimeSpan.FromDays(8)];

    private readonly SweepTurn _turn = new(ledger, options.Value.OverdueInterval);
    private readonly HousekeepingOptions _options = options.Value;

    /// <summary>Null: not due yet, or another instance is at it.</summary>
    public async Task<OverdueReport?> RunAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await _turn.TakeAsync(now, () => FindFirstAsync(now, cancellationToken), cancellationToken) is not { } mark)
            return null;
        await pauses.RefreshAsync(cancellationToken);
        var heads = await laneHeads.ReadAsync(now, _options.OverdueMargin, cancellationToken);
        var report = new OverdueReport(0, 0, 0, HasMore: true);
        for (var i = 0; i < _options.StepsPerRun && report.HasMore; i++)
        {
            if (await ledger.ListDueAsync(now, 1, cancellationToken) is [var due])
            {
                report = await LookAsync(due, heads, now, report, cancellationToken);
            }
            else if (mark.Place.From <= now)
            {
                await ledger.PutLeftoverAsync(new SweepLeftover(mark.Place, mark.Place.From), cancellationToken);
                mark = mark with { Place = mark.Place with { From = mark.Place.From + Hour } };
            }
            else
            {
                report = report with { HasMore = false };
            }

            if (await ledger.TryWriteAsync(mark, cancellationToken) is not { } version)
                return report;
            mark = mark with { Version = version };
        }

        await _turn.ReturnAsync(mark, report.HasMore ? now : now + _options.OverdueInterval, cancellationToken);
        return report;
    }

    private async Task<SweepPlace> FindFirstAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var first = await openJobs.FindOldestAsync(cancellationToken) is { } oldest && oldest < now ? oldest : now;
        return new SweepPlace(first.AddTicks(-(first.UtcTicks % Hour.Ticks)).ToUniversalTime(), FirstLook);
    }

    /// <summary>One step through the hour.</summary>
    private async Task<OverdueReport> LookAsync(
        SweepLeftover due, IReadOnlyDictionary<string, DateTimeOffset> heads, DateTimeOffset now, OverdueReport report, CancellationToken cancellationToken)
    {
        var page = await openJobs.ListAsync(due.Place.From, due.Place.Position, _options.StepSize, cancellationToken);
        var suspects = page.Jobs.Where(job => heads.TryGetValue(job.Queue, out var head) && MayAct(due.Place, head) && OverdueDecision.MayBe(job, head, _options.OverdueMargin)).ToList();
        var isSecond = due.Place.Kind == SecondLook;
        var found = await resend.JudgeAsync(suspects, heads, mustSend: isSecond, cancellationToken);
        if (found > 0 && !isSecond)
            HousekeepingLog.LooksOverdue(logger, found, due.Place.From);
        var seen = due.Place with
        {
            Kind = found > 0 && !isSecond ? Suspicion : due.Place.Kind,
            Position = page.Position,
            LookAgainAt = page.Jobs.Select(job => (DateTimeOffset?)OverdueDecision.LookAgainAt(job, now, _options.OverdueInterval, _options.OverdueMargin)).Append(due.Place.LookAgainAt).Min(),
        };
        await MoveAsync(due, page.Position is null ? Next(seen, now) : due with { Place = seen }, cancellationToken);
        return report with { Open = report.Open + page.Jobs.Count, Suspected = report.Suspected + (isSecond ? 0 : found), Resent = report.Resent + (isSecond ? found : 0) };
    }

    /// <summary>What was sent again stands at the end of its lane: until the head has come there, nothing is sent twice.</summary>
    private bool MayAct(SweepPlace place, DateTimeOffset head) => place.ActedAt is not { } at || at + _options.OverdueMargin < head;

    /// <summary>What follows when the hour is through; null: nothing.</summary>
    private SweepLeftover? Next(SweepPlace seen, DateTimeOffset now)
    {
        var again = seen with { Kind = FirstLook, LookAgainAt = null };
        if (seen.Kind == Suspicion)
            return new SweepLeftover(again with { Kind = SecondLook }, now + (_options.OverdueMargin / SecondLookShare));
        if (seen.Kind == SecondLook)
            again = again with { ActedAt = now };
        return Earlier(seen.LookAgainAt, NextForNewJobs(seen.From, now)) is { } at ? new SweepLeftover(again, at) : null;
    }

    private async Task MoveAsync(SweepLeftover due, SweepLeftover? next, CancellationToken cancellationToken)
    {
        if (next is not null)
            await ledger.PutLeftoverAsync(next, cancellationToken);
        // The row is known by these two, and the hour.
        if (next?.DueAt != due.DueAt || next.Place.Kind != due.Place.Kind)
            await ledger.RemoveLeftoverAsync(due, cancellationToken);
    }

    /// <summary>When to look for jobs that were not there yet; null: no more are expected.</summary>
    private DateTimeOffset? NextForNewJobs(DateTimeOffset hour, DateTimeOffset now)
    {
        var end = hour + Hour;
        return end > now ? now + _options.OverdueInterval : LateLooks.Select(age => (DateTimeOffset?)(end + age)).FirstOrDefault(at => at > now);
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? a, DateTimeOffset? b) => a is null || b < a ? b : a;
}
