using System.Collections.Concurrent;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Handlers;
using JobPipeline.Jobs;

namespace JobPipeline.Failures.Replays;

/// <summary>
/// Replays many dead letters, newest first, a few at a time and no faster than requested. It saves a checkpoint after every page.
/// After an interruption it recognises its own decisions by its id, so that a dead letter of the current page is neither lost nor
/// replayed twice. It yields after a slice of time, because a host may limit how long a job runs.
/// </summary>
[Job(Type, MaxAttempts = 20, Timeout = "00:04:00", BackoffCap = "00:01:00")]
internal sealed class BulkReplayJob(Replayer replayer, IDeadLetterStore deadLetters, TimeProvider time)
    : IJobHandler<BulkReplayPayload, BulkReplayTally>
{
    public const string Type = "dead-letters.replay";

    /// <summary>Well within its time limit, however long a page takes.</summary>
    public static readonly TimeSpan Slice = TimeSpan.FromMinutes(2);

    private const int MaxParallel = 8;
    private const int MaxPage = 200;
    private const int SecondsPerPage = 5;

    public async Task<JobOutcome<BulkReplayTally>> HandleAsync(
        BulkReplayPayload payload, JobContext context, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var filter = FilterOf(payload, context.JobId);
        var pace = new ReplayPace(time, payload.PerSecond);
        var limit = Math.Clamp(payload.PerSecond * SecondsPerPage, 1, MaxPage);
        var at = await context.GetCheckpointAsync<BulkReplayCheckpoint>(cancellationToken)
            ?? await BeginAsync(filter, cancellationToken);
        while (true)
        {
            Report(context, at);
            var page = await deadLetters.ListAsync(filter, at.Cursor, limit, cancellationToken);
            at = await ReplayAsync(page.DeadLetters, at, context, pace, cancellationToken) with { Cursor = page.Next };
            if (page.Next is null)
                return at.Tally;
            await context.SaveCheckpointAsync(at, cancellationToken);
            if (time.GetElapsedTime(started) >= Slice)
                return JobOutcome.Snooze(TimeSpan.Zero, "its time slice is over; it continues where it stopped");
        }
    }

    /// <summary>Includes dead letters that were already replayed: decisions of this job, or of others, may be unfinished.</summary>
    private static DeadLetterFilter FilterOf(BulkReplayPayload payload, JobId job)
    {
        var filter = payload.Filter ?? new DeadLetterFilter();
        var until = payload.Until ?? job.Timestamp;
        return filter with { IsReplayed = null, To = filter.To < until ? filter.To : until };
    }

    private async Task<BulkReplayCheckpoint> BeginAsync(DeadLetterFilter filter, CancellationToken cancellationToken)
    {
        var counts = await DeadLetterCounts.OfAsync(deadLetters, filter with { IsReplayed = false }, cancellationToken);
        return new BulkReplayCheckpoint(null, counts.IsExact ? counts.Total : null, new BulkReplayTally());
    }

    /// <summary>
    /// Replays a page and reports every dead letter at once, so that the progress is accurate if the job is cancelled within the
    /// page.
    /// </summary>
    private async Task<BulkReplayCheckpoint> ReplayAsync(
        IReadOnlyList<DeadLetterSummary> page,
        BulkReplayCheckpoint at,
        JobContext context,
        ReplayPace pace,
        CancellationToken cancellationToken)
    {
        var waiting = new ConcurrentQueue<DeadLetterSummary>(page);
        var reporting = new Lock();
        await Task.WhenAll(Enumerable.Range(0, MaxParallel).Select(async _ =>
        {
            while (waiting.TryDequeue(out var deadLetter))
            {
                // A dead letter that was replayed before yields no new job, or one that was already paced.
                if (deadLetter.LastReplay is null)
                    await pace.WaitAsync(cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();
                var outcome = await replayer.ReplayAsync(new ReplayRequest(deadLetter.Id, "") { Bulk = context.JobId }, cancellationToken);
                lock (reporting)
                {
                    at = at with { Tally = at.Tally.With(deadLetter.Id, outcome) };
                    Report(context, at);
                }
            }
        }));
        return at;
    }

    private static void Report(JobContext context, BulkReplayCheckpoint at) => context.ReportProgress(
        at.Tally.Replayed + at.Tally.Refused,
        at.Total,
        $"{at.Tally.Replayed} replayed, {at.Tally.AlreadyReplayed + at.Tally.BeingReplayed} replayed by others, "
            + $"{at.Tally.Refused} refused, {at.Tally.Gone} gone");
}
