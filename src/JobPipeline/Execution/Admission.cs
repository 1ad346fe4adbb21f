using JobPipeline.Diagnostics;
using JobPipeline.Enqueueing;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Limits.Pauses;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Execution;

/// <summary>The steps before the claim: does the payload fit, is the job a duplicate, is it paused, is it due?</summary>
internal sealed class Admission(
    JobRegistry registry, IPayloadStore payloads, IJobStore store, UniqueKeys keys, PauseRegistry pauses, JobMetrics metrics, TimeProvider time, ILogger<Admission> logger)
{
    /// <summary>Finds the type and reads the payload. What does not fit is marked; the claim ends it on record.</summary>
    public async Task ValidateAsync(JobExecution job, CancellationToken cancellationToken)
    {
        job.Descriptor = registry.Find(job.Spec.Type);
        if (job.Rejection is not null)
            return;
        // Another instance may have a handler. That is asked when the job is to be claimed: until then it is a job like any other.
        if (job.Descriptor is null)
            return;

        ReadOnlyMemory<byte>? payload = job.Spec.PayloadInBlob ? await payloads.ReadAsync(PayloadName.Payload(job.Id), cancellationToken) : job.Spec.Payload;
        if (payload is null)
        {
            job.Rejection = (DeadLetterReason.InvalidPayload, $"the payload blob {PayloadName.Payload(job.Id)} is missing");
            return;
        }

        try
        {
            job.Payload = job.Descriptor.Invoker.Parse(payload.Value);
        }
        catch (JobRejectedException e)
        {
            job.Rejection = (DeadLetterReason.InvalidPayload, e.Message);
        }
    }

    /// <summary>Null: this instance has no handler for the type.</summary>
    public JobDescriptor? Find(string type) => registry.Find(type);

    /// <summary>Null: go on to the claim.</summary>
    public async Task<DeliveryResult?> AdmitAsync(JobExecution job, CancellationToken cancellationToken)
    {
        // Whatever becomes of the job, every delivery of its message has to describe it in the same way.
        if (!job.IsAdmitted)
            await MoveLargePayloadAsync(job, cancellationToken);
        // Its successor is one of ours, of which no key is reserved any more: that comes before any wait.
        if (job.Rejection is null && !job.IsAdmitted && job.Spec.Key is not null && await ReserveKeyAsync(job, cancellationToken) is { } duplicate)
            return duplicate;
        if (job.Rejection is null)
            job.IsAdmitted = true;
        if (MayBePaused(job) && await pauses.AskAsync(job.Lane, job.Spec.Type, cancellationToken) is { } pause)
        {
            // Once, for its successor is one of ours: somebody may ask for it, or drop it again, while it waits.
            if (job.Message.Id is null)
                await RecordAsync(job, cancellationToken);
            return new DeliveryResult.Deferred(pause.Until, DeferralReason.Paused, pause.Why);
        }

        if (job.Rejection is not null)
            return null;
        var now = time.GetUtcNow();
        if (job.Spec.NotBefore is not { } due || due <= now)
            return null;
        // Seldom (once a hop of up to six days), and it makes a foreign message visible as Scheduled.
        await RecordAsync(job, cancellationToken);
        return new DeliveryResult.Deferred(due, DeferralReason.NotDue, "not due yet");
    }

    private async Task RecordAsync(JobExecution job, CancellationToken cancellationToken)
    {
        var result = await store.ApplyAsync(JobTransition.Enqueue(JobRecord.Enqueued(job.Id, job.Lane, job.Spec, time.GetUtcNow())), cancellationToken);
        // Of ours it was counted when it was sent, and of another's by whichever delivery put it on record.
        if (result.Applied && job.Message.Id is null)
            metrics.Enqueued(job.Descriptor?.Type, job.Lane);
    }

    /// <summary>
    /// A type is paused, too, to keep its jobs from becoming dead letters: what does not fit is judged again later. What is
    /// known of this delivery alone is acted on now.
    /// </summary>
    private static bool MayBePaused(JobExecution job) =>
        job.Rejection is null or { Reason: DeadLetterReason.InvalidPayload };

    /// <summary>What a foreign producer fitted into a message may not fit once our own members are added.</summary>
    private async Task MoveLargePayloadAsync(JobExecution job, CancellationToken cancellationToken)
    {
        if (job.Spec.PayloadInBlob || !ClaimCheck.IsNeeded(job.Id, job.Spec))
            return;
        await payloads.WriteAsync(PayloadName.Payload(job.Id), job.Spec.Payload, cancellationToken);
        job.MovedPayload();
    }

    private async Task<DeliveryResult?> ReserveKeyAsync(JobExecution job, CancellationToken cancellationToken)
    {
        var reservation = await keys.ReserveAsync(job.Lane, job.Id, job.Spec, JobMessageWriter.Write(job.Id, 1, job.Spec), cancellationToken);
        switch (reservation.Verdict)
        {
            case KeyVerdict.Owned:
                return null;
            case KeyVerdict.Conflict:
                job.Rejection = (DeadLetterReason.KeyConflict, $"the unique key '{job.Spec.Key}' is held by job {reservation.Holder} with another payload");
                return null;
            default:
                await store.ApplyAsync(JobTransition.Duplicate(job.Id, job.Lane, job.Spec, reservation.Holder, time.GetUtcNow()), cancellationToken);
                metrics.Duplicate(job.Spec.Type);
                ExecutionLog.Duplicate(logger, job.Id, job.Spec.Type, reservation.Holder);
                return new DeliveryResult.Superseded($"duplicate of {reservation.Holder}");
        }
    }
}
