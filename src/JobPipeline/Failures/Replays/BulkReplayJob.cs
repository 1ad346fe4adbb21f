using System.Collections.Concurrent;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Handlers;
using JobPipeline.Jobs;

namespace JobPipeline.Failures.Replays;

/// <summary>
/// Replays many dead letters, newest first, a few at a time and never faster than asked. Its place is saved after every
/// page; what it decided before it was cut off it knows again by its own id, so that a letter of the page in hand is
/// neither lost nor replayed twice. It gives way after a slice of time, for a host may bound how long anything runs.
/// </summary>
[Job(Type, MaxAttempts = 20, Timeout = "00:04:00", BackoffCap = "00:01:00")]
internal sealed class BulkReplayJob(Replayer replayer, IDeadLetterStore letters, TimeProvider time) : IJobHandler<BulkReplayPayload, BulkReplayTally>
{
    public const string Type = "dead-letters.replay";

    /// <summary>Well within its time limit, whatever a page takes.</summary>
    public static readonly TimeSpan Slice = TimeSpan.FromMinutes(2);

    private const int AtATime = 8;
    private const int MaxPage = 200;
    private const int SecondsOfAPage = 5;

    public async Task<JobOutcome<BulkReplayTally>> HandleAsync(BulkReplayPayload payload, JobContext context, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var filter = FilterOf(payload, context.JobId);
        var pace = new ReplayPace(time, payload.PerSecond);
        var limit = Math.Clamp(payload.PerSecond * SecondsOfAPage, 1, MaxPage);
        var at = await context.GetCheckpointAsync<BulkReplayCheckpoint>(cancellationToken) ?? await BeginAsync(filter, cancellationToken);
        while (true)
        {
            Report(context, at);
            var page = await letters.ListAsync(filter, at.Cursor, limit, cancellationToken);
            at = await ReplayAsync(page.Letters, at, context, pace, cancellationToken) with { Cursor = page.Next };
            if (page.Next is null)
                return at.Tally;
            await context.SaveCheckpointAsync(at, cancellationToken);
            if (time.GetElapsedTime(started) >= Slice)
                return JobOutcome.Snooze(TimeSpan.Zero, "its slice of time is over; it goes on where it stopped");
        }
    }

    /// <summary>Those that were replayed are looked at as well: this job's own decisions among them may be unfinished, and anybody else's.</summary>
    private static DeadLetterFilter FilterOf(BulkReplayPayload payload, JobId job)
    {
        var filter = payload.Filter ?? new DeadLetterFilter();
        var until = payload.Until ?? job.Timestamp;
        return filter with { IsReplayed = null, To = filter.To < until ? filter.To : until };
    }

    private async Task<BulkReplayCheckpoint> BeginAsync(DeadLetterFilter filter, CancellationToken cancellationToken)
    {
        var counts = await DeadLetterCounts.OfAsync(letters, filter with { IsReplayed = false }, cancellationToken);
        return new BulkReplayCheckpoint(null, counts.IsExact ? counts.Total : null, new BulkReplayTally());
    }

    /// <summary>Tells of every letter at once: where it is cancelled in the middle of a page, what it says of itself is right.</summary>
    private async Task<BulkReplayCheckpoint> ReplayAsync(
        IReadOnlyList<DeadLetterSummary> page, BulkReplayCheckpoint at, JobContext context, ReplayPace pace, CancellationToken cancellationToken)
    {
        var waiting = new ConcurrentQueue<DeadLetterSummary>(page);
        var telling = new Lock();
        await Task.WhenAll(Enumerable.Range(0, AtATime).Select(async _ =>
        {
            while (waiting.TryDequeue(out var letter))
            {
                // A look at what was replayed before makes no job, or one that was paid for.
                if (letter.LastReplay is null)
                    await pace.WaitAsync(cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();
                var outcome = await replayer.ReplayAsync(new ReplayRequest(letter.Id, "") { Bulk = context.JobId }, cancellationToken);
                lock (telling)
                {
                    at = at with { Tally = at.Tally.With(letter.Id, outcome) };
                    Report(context, at);
                }
            }
        }));
        return at;
    }

    private static void Report(JobContext context, BulkReplayCheckpoint at) => context.ReportProgress(
        at.Tally.Replayed + at.Tally.Refused,
        at.Total,
        $"{at.Tally.Replayed} replayed, {at.Tally.AlreadyReplayed + at.Tally.BeingReplayed} replayed by others, {at.Tally.Refused} refused, {at.Tally.Gone} gone");
}
