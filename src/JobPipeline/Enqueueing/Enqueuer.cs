using JobPipeline.Diagnostics;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Enqueueing;

/// <summary>
/// Creates jobs: moves a large payload, reserves the unique key, sends the message and inserts the record, in this order. The client,
/// the admission of foreign messages, workflow steps, callbacks and replays all use it.
/// </summary>
internal sealed class Enqueuer(
    IJobStore store, IJobQueue queue, IPayloadStore payloads, UniqueKeys keys, JobMetrics metrics, TimeProvider time)
{
    /// <summary>
    /// Enqueues a job under a given id. Idempotent: a repeated call sends the same message and inserts the record only if it is missing.
    /// </summary>
    /// <exception cref="JobKeyConflictException">The unique key is held by a job with another payload.</exception>
    public async Task<EnqueueResult> EnqueueAsync(JobId id, string name, JobSpec spec, CancellationToken cancellationToken)
    {
        spec = await MoveLargePayloadAsync(id, spec, cancellationToken);
        if (spec.Key is not null)
        {
            var reservation = await ReserveKeyAsync(id, name, spec, cancellationToken);
            if (reservation.Verdict == KeyVerdict.Conflict)
                throw new JobKeyConflictException(WhyConflict(spec, reservation.Holder), reservation.Holder);
            if (reservation.Verdict == KeyVerdict.Duplicate)
                return new EnqueueResult(reservation.Holder, IsDuplicate: true);
        }

        await queue.SendAsync(name, JobMessageWriter.Write(id, 1, spec), spec.DueAt - time.GetUtcNow(), cancellationToken);
        metrics.Enqueued(spec.Type, name);
        await RecordAsync(id, name, spec, cancellationToken);
        return new EnqueueResult(id, IsDuplicate: false);
    }

    /// <summary>Enqueues jobs that share one message.</summary>
    public async Task EnqueuePackAsync(string name, IReadOnlyList<(JobId Id, JobSpec Spec)> jobs, CancellationToken cancellationToken)
    {
        await queue.SendAsync(name, JobMessageWriter.WritePack(jobs), TimeSpan.Zero, cancellationToken);
        await Task.WhenAll(jobs.Select(job => RecordAsync(job.Id, name, job.Spec, cancellationToken)));
        foreach (var (_, spec) in jobs)
            metrics.Enqueued(spec.Type, name);
    }

    /// <summary>Writes the payload to a blob where a message can't hold it, and returns the spec that refers to the blob.</summary>
    public async Task<JobSpec> MoveLargePayloadAsync(JobId id, JobSpec spec, CancellationToken cancellationToken)
    {
        if (spec.PayloadInBlob || !ClaimCheck.IsNeeded(id, spec))
            return spec;
        await payloads.WriteAsync(PayloadName.Payload(id), spec.Payload, cancellationToken);
        return spec with { Payload = default, PayloadInBlob = true };
    }

    /// <summary>Reserves the unique key of the spec. Its large payload has been moved.</summary>
    public Task<KeyReservation> ReserveKeyAsync(JobId id, string name, JobSpec spec, CancellationToken cancellationToken) =>
        keys.ReserveAsync(name, id, spec, JobMessageWriter.Write(id, 1, spec), cancellationToken);

    /// <summary>Returns the error message for a unique key that is held with another payload.</summary>
    public static string WhyConflict(JobSpec spec, JobId holder) =>
        $"The unique key '{spec.Key}' of type '{spec.Type}' is held by job {holder} with another payload.";

    /// <summary>Inserts the record. Returns false if it exists, because a worker was faster.</summary>
    public async Task<bool> RecordAsync(JobId id, string name, JobSpec spec, CancellationToken cancellationToken) =>
        (await store.ApplyAsync(JobTransition.Enqueue(JobRecord.Enqueued(id, name, spec, time.GetUtcNow())), cancellationToken)).Applied;

    /// <summary>Inserts the record of a dropped duplicate, which refers to the job that holds its key.</summary>
    public async Task RecordDuplicateAsync(JobId id, string name, JobSpec spec, JobId holder, CancellationToken cancellationToken)
    {
        await store.ApplyAsync(JobTransition.Duplicate(id, name, spec, holder, time.GetUtcNow()), cancellationToken);
        metrics.Duplicate(spec.Type);
    }

    /// <summary>
    /// Inserts the record of a job that waits and was delivered without one, so that people can see it. A job of ours was counted when it
    /// was sent; one that another system dropped is counted by the delivery that inserts its record.
    /// </summary>
    /// <param name="id">The job.</param>
    /// <param name="name">Its queue.</param>
    /// <param name="spec">The job as its message describes it.</param>
    /// <param name="isForeign">Whether another system dropped the message.</param>
    /// <param name="knownType">Its type for metrics; null when this instance has no handler for it.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    public async Task RecordWaitingAsync(
        JobId id, string name, JobSpec spec, bool isForeign, string? knownType, CancellationToken cancellationToken)
    {
        if (await RecordAsync(id, name, spec, cancellationToken) && isForeign)
            metrics.Enqueued(knownType, name);
    }
}
