using System.Collections.Concurrent;
using JobPipeline.Diagnostics;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Limits;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobPipeline.Maintenance.Overdue;

/// <summary>Reads the rows of jobs that may be overdue, and re-sends the messages of those that are.</summary>
internal sealed class OverdueResend(
    IJobStore store,
    IJobQueue queue,
    WaitReasons reasons,
    JobMetrics metrics,
    TimeProvider time,
    IOptions<MaintenanceOptions> options,
    ILogger<OverdueResend> logger)
{
    private const int MaxParallelJobs = 8;

    /// <summary>Returns the number of overdue jobs.</summary>
    /// <param name="suspects">The jobs that may be overdue, as listed.</param>
    /// <param name="heads">The heads of the queues, read before that list.</param>
    /// <param name="mustSend">Whether to re-send their messages; false only counts them.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<int> JudgeAsync(
        IReadOnlyCollection<JobSummary> suspects,
        IReadOnlyDictionary<string, DateTimeOffset> heads,
        bool mustSend,
        CancellationToken cancellationToken)
    {
        var found = new ConcurrentBag<JobId>();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = MaxParallelJobs, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(suspects, parallel, async (job, token) =>
        {
            if (await JudgeAsync(job.Id, heads[job.Queue], mustSend, token))
                found.Add(job.Id);
        });
        if (mustSend)
            metrics.Overdue(found.Count);
        return found.Count;
    }

    /// <summary>Checks one job. After a failure, the job is checked again with its hour.</summary>
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
            var name = rows.Record!.Queue;
            await queue.SendAsync(name, JobMessageWriter.Write(id, attempt, rows.Record.Spec), TimeSpan.Zero, cancellationToken);
            MaintenanceLog.Overdue(logger, id, rows.Record.Spec.Type, attempt, name, rows.Record.Status.State, rows.Record.Status.Since);
            return true;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            MaintenanceLog.Failed(logger, e, $"overdue check of job {id}");
            return false;
        }
    }

    /// <summary>A parked job that has expired is not excused by its limit: a message ends it before its turn comes.</summary>
    private async Task<bool> WaitsAsync(JobRecord record, CancellationToken cancellationToken)
    {
        var isExpired = record.Spec.Deadline <= time.GetUtcNow();
        return (await reasons.ExplainAsync(record, cancellationToken))
            .Any(reason => reason.Kind != RecordedWait.ForAWorker && !(isExpired && reason.Kind == LimitWait.Kind));
    }
}
