using JobPipeline.Jobs;
using JobPipeline.Limits.Pauses;
using JobPipeline.Maintenance.Queues;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobPipeline.Maintenance.Overdue;

/// <summary>
/// Finds overdue jobs whose queue message is missing, other than those in flight on a lost instance, and re-sends their messages. On
/// a healthy system it finds none. It goes hour by hour of the job ids: the newest hour in every run, an hour with open jobs when the
/// first of them may be overdue, and every other hour three times in total. A job that seems overdue is checked a second time before
/// its message is re-sent, because a single look at a queue may miss a message that is just being processed.
/// </summary>
internal sealed class OverdueSweep(
    [FromKeyedServices(OverdueSweep.Name)] ISweepLedger ledger,
    IOpenJobList openJobs,
    QueueHeads queueHeads,
    ParkedSuspects parked,
    OverdueResend resend,
    PauseRegistry pauses,
    IOptions<MaintenanceOptions> options,
    ILogger<OverdueSweep> logger)
{
    /// <summary>The name of its ledger.</summary>
    public const string Name = "overdue";

    private const string FirstCheck = "look";

    /// <summary>A first check that is not complete and has found suspects.</summary>
    private const string Suspicion = "suspicion";
    private const string SecondCheck = "confirm";

    /// <summary>
    /// The second check follows once a message that was being processed has become visible: margins are many times longer than such
    /// periods.
    /// </summary>
    private const int SecondCheckShare = 5;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>
    /// Jobs may appear in an hour after its end: a message put directly on a queue has the id of its insertion time, and no record
    /// until it is first received, at most a week later if it was sent with a delay.
    /// </summary>
    private static readonly TimeSpan[] LateChecks = [JobLimits.MaxClockSkew, TimeSpan.FromDays(1), TimeSpan.FromDays(8)];

    private readonly SweepTurn _turn = new(ledger, options.Value.OverdueInterval);
    private readonly MaintenanceOptions _options = options.Value;

    /// <summary>Runs the sweep. Returns null if it is not due yet or is running on another instance.</summary>
    public async Task<OverdueReport?> RunAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await _turn.TakeAsync(now, () => FindFirstAsync(now, cancellationToken), cancellationToken) is not { } mark)
            return null;
        await pauses.RefreshAsync(cancellationToken);
        var heads = await queueHeads.ReadAsync(now, _options.OverdueMargin, cancellationToken);
        var report = new OverdueReport(0, 0, 0, HasMore: true);
        for (var i = 0; i < _options.StepsPerRun && report.HasMore; i++)
        {
            if (await ledger.ListDueAsync(now, 1, cancellationToken) is [var due])
            {
                report = await CheckAsync(due, heads, now, report, cancellationToken);
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
        return new SweepPlace(first.AddTicks(-(first.UtcTicks % Hour.Ticks)).ToUniversalTime(), FirstCheck);
    }

    /// <summary>Performs one step through the hour.</summary>
    private async Task<OverdueReport> CheckAsync(
        SweepLeftover due,
        IReadOnlyDictionary<string, DateTimeOffset> heads,
        DateTimeOffset now,
        OverdueReport report,
        CancellationToken cancellationToken)
    {
        var page = await openJobs.ListAsync(due.Place.From, due.Place.Position, _options.StepSize, cancellationToken);
        var suspects = page.Jobs
            .Where(job => heads.TryGetValue(job.Queue, out var head)
                && MayAct(due.Place, head)
                && OverdueDecision.MayBe(job, head, _options.OverdueMargin))
            .ToList();
        var isSecond = due.Place.Kind == SecondCheck;
        var left = await parked.ExceptParkedAsync(suspects, cancellationToken);
        var found = await resend.JudgeAsync(left, heads, mustSend: isSecond, cancellationToken);
        if (found > 0 && !isSecond)
            MaintenanceLog.LooksOverdue(logger, found, due.Place.From);
        var seen = due.Place with
        {
            Kind = found > 0 && !isSecond ? Suspicion : due.Place.Kind,
            Position = page.Position,
            LookAgainAt = page.Jobs
                .Select(job => (DateTimeOffset?)OverdueDecision.LookAgainAt(job, now, _options.OverdueInterval, _options.OverdueMargin))
                .Append(due.Place.LookAgainAt)
                .Min(),
        };
        await MoveAsync(due, page.Position is null ? Next(seen, now) : due with { Place = seen }, cancellationToken);
        return report with
        {
            Open = report.Open + page.Jobs.Count,
            Suspected = report.Suspected + (isSecond ? 0 : found),
            Resent = report.Resent + (isSecond ? found : 0),
        };
    }

    /// <summary>A re-sent message is at the end of its queue: until the head has reached it, nothing is re-sent again.</summary>
    private bool MayAct(SweepPlace place, DateTimeOffset head) => place.ActedAt is not { } at || at + _options.OverdueMargin < head;

    /// <summary>Returns the next check of an hour that is done; null if there is none.</summary>
    private SweepLeftover? Next(SweepPlace seen, DateTimeOffset now)
    {
        var again = seen with { Kind = FirstCheck, LookAgainAt = null };
        if (seen.Kind == Suspicion)
            return new SweepLeftover(again with { Kind = SecondCheck }, now + (_options.OverdueMargin / SecondCheckShare));
        if (seen.Kind == SecondCheck)
            again = again with { ActedAt = now };
        return Earlier(seen.LookAgainAt, NextForNewJobs(seen.From, now)) is { } at ? new SweepLeftover(again, at) : null;
    }

    private async Task MoveAsync(SweepLeftover due, SweepLeftover? next, CancellationToken cancellationToken)
    {
        if (next is not null)
            await ledger.PutLeftoverAsync(next, cancellationToken);
        // Due time, kind and hour are the key of the row.
        if (next?.DueAt != due.DueAt || next.Place.Kind != due.Place.Kind)
            await ledger.RemoveLeftoverAsync(due, cancellationToken);
    }

    /// <summary>Returns when to check for jobs that did not exist yet; null if no more are expected.</summary>
    private DateTimeOffset? NextForNewJobs(DateTimeOffset hour, DateTimeOffset now)
    {
        var end = hour + Hour;
        return end > now
            ? now + _options.OverdueInterval
            : LateChecks.Select(age => (DateTimeOffset?)(end + age)).FirstOrDefault(at => at > now);
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? a, DateTimeOffset? b) => a is null || b < a ? b : a;
}
