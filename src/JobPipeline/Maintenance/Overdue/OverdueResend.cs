using System.Collections.Concurrent;
using JobPipeline.Diagnostics;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Limits;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobPipeline.Maintenance.Overdue;

/// <summary>Reads the rows of jobs that may be overdue, and sends the message of those that are.</summary>
internal sealed class OverdueResend(
    IJobStore store, IJobQueue queue, WaitReasons reasons, JobMetrics metrics, IOptions<HousekeepingOptions> options, ILogger<OverdueResend> logger)
{
    private const int JobsAtATime = 8;

    /// <summary>How many are overdue.</summary>
    /// <param name="suspects">By their records, as a list had them.</param>
    /// <param name="heads">How far the lanes had come before that list was read.</param>
    /// <param name="mustSend">False: they are counted alone.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<int> JudgeAsync(
        IReadOnlyCollection<JobSummary> suspects, IReadOnlyDictionary<string, DateTimeOffset> heads, bool mustSend, CancellationToken cancellationToken)
    {
        var found = new ConcurrentBag<JobId>();
        await Parallel.ForEachAsync(suspects, new ParallelOptions { MaxDegreeOfParallelism = JobsAtATime, CancellationToken = cancellationToken }, async (job, token) =>
        {
            if (await JudgeAsync(job.Id, heads[job.Queue], mustSend, token))
                found.Add(job.Id);
        });
        if (mustSend)
            metrics.Overdue(found.Count);
        return found.Count;
    }

    /// <summary>One that can't be judged, or sent, now is looked at again with its hour.</summary>
    private async Task<bool> JudgeAsync(JobId id, DateTimeOffset head, bool mustSend, CancellationToken cancellationToken)
    {
        try
        {
            var rows = await store.ReadAsync(id, cancellationToken);
            var waits = rows.Record is { } record && await WaitsAsync(record, cancellationToken);
            if (OverdueDecision.For(rows, head, waits, options.Value.OverdueMargin) is not { } attempt)
                return false;
            if (!mustSend)
                return true;
            var lane = rows.Record!.Queue;
            await queue.SendAsync(lane, JobMessageWriter.Write(id, attempt, rows.Record.Spec), TimeSpan.Zero, cancellationToken);
            HousekeepingLog.Overdue(logger, id, rows.Record.Spec.Type, attempt, lane, rows.Record.Status.State, rows.Record.Status.Since);
            return true;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            HousekeepingLog.Failed(logger, e, $"look at job {id}");
            return false;
        }
    }

    private async Task<bool> WaitsAsync(JobRecord record, CancellationToken cancellationToken) =>
        (await reasons.ExplainAsync(record, cancellationToken)).Any(reason => reason.Kind != RecordedWait.ForAWorker);
}
