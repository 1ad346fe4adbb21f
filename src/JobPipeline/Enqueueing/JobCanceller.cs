using JobPipeline.Configuration;
using JobPipeline.Diagnostics;
using JobPipeline.Handlers;
using JobPipeline.Jobs;

namespace JobPipeline.Enqueueing;

/// <summary>The result of a request to cancel a job.</summary>
public enum CancelOutcome
{
    /// <summary>The job had not started or was waiting, and is now cancelled.</summary>
    Cancelled,

    /// <summary>The job is running; its worker sees the request at its next heartbeat.</summary>
    Requested,

    /// <summary>The job had already ended.</summary>
    AlreadyEnded,

    /// <summary>The job does not exist.</summary>
    NotFound,
}

/// <summary>
/// Cancels jobs by the claim protocol. An unclaimed attempt is claimed on the canceller's behalf and ended in one step, so that
/// no worker can start it. A running attempt gets a flag that rejects any outcome but success.
/// </summary>
internal sealed class JobCanceller(
    JobRegistry registry,
    IJobStore store,
    IParkedJobs parked,
    JobMetrics metrics,
    TimeProvider time,
    WorkerIdentity worker)
{
    /// <param name="id">The id of the job.</param>
    /// <param name="reason">The reason, which is recorded.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <param name="sparesStarted">
    /// Whether a job that has started is left alone; the result is then <see cref="CancelOutcome.Requested"/> although nothing was.
    /// </param>
    public async Task<CancelOutcome> CancelAsync(
        JobId id, string reason, CancellationToken cancellationToken, bool sparesStarted = false)
    {
        while (true)
        {
            var rows = await store.ReadAsync(id, cancellationToken);
            if (rows.Record is not { } record)
                return CancelOutcome.NotFound;
            if (record.Status.State.IsTerminal())
                return record.Status.State == JobState.Cancelled ? CancelOutcome.Cancelled : CancelOutcome.AlreadyEnded;
            if (rows.Current is { State: AttemptState.Running, CancelRequested: true } || (sparesStarted && rows.Current is not null))
                return CancelOutcome.Requested;
            var running = rows.Current is { State: AttemptState.Running };
            if (!(await store.ApplyAsync(Cancellation(rows, reason), cancellationToken)).Applied)
                continue;
            if (!running)
            {
                metrics.Finished(registry.Find(record.Spec.Type)?.Type, record.Queue, JobEnd.Cancelled);
                await parked.WakeAsync(id, record.Queue, record.Spec);
            }

            return running ? CancelOutcome.Requested : CancelOutcome.Cancelled;
        }
    }

    /// <summary>
    /// Records a job that has no record as cancelled, so that it never starts. Returns false if it was recorded or claimed meanwhile.
    /// </summary>
    public async Task<bool> TryCancelUnrecordedAsync(
        JobId id, string queue, JobSpec spec, string reason, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var cancelled = JobTransition.CancelUnrecorded(Unclaimed(id, 1, now), now, reason, queue, spec);
        if (!(await store.ApplyAsync(cancelled, cancellationToken)).Applied)
            return false;
        metrics.Enqueued(spec.Type, queue);
        metrics.Finished(registry.Find(spec.Type)?.Type, queue, JobEnd.Cancelled);
        await parked.WakeAsync(id, queue, spec);
        return true;
    }

    private JobTransition Cancellation(JobSnapshot rows, string reason)
    {
        var now = time.GetUtcNow();
        return rows.Current switch
        {
            { State: AttemptState.Running } row => JobTransition.Touch(row with { CancelRequested = true }),
            { State: AttemptState.Released } row =>
                JobTransition.Cancel(row with { ClaimId = Guid.NewGuid(), Owner = worker.Name }, now, reason),
            var last => JobTransition.CancelUnclaimed(Unclaimed(rows.Record!.Id, (last?.Number ?? 0) + 1, now), now, reason),
        };
    }

    private Attempt Unclaimed(JobId id, int number, DateTimeOffset now) => new()
    {
        Job = id,
        Number = number,
        State = AttemptState.Cancelled,
        ClaimId = Guid.NewGuid(),
        Owner = worker.Name,
        LeaseUntil = now,
        StartedAt = now,
    };
}
