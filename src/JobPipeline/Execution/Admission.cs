using JobPipeline.Enqueueing;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Limits;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Execution;

/// <summary>The steps before the claim: validates the payload, detects duplicates, checks the due time and asks the gates.</summary>
internal sealed class Admission(
    JobRegistry registry,
    IPayloadStore payloads,
    Enqueuer enqueuer,
    IJobStore store,
    StartGates gates,
    TimeProvider time,
    ILogger<Admission> logger)
{
    /// <summary>Finds the type and reads the payload. An invalid payload is marked, and the claim then ends the job.</summary>
    public async Task ValidateAsync(JobExecution job, CancellationToken cancellationToken)
    {
        job.Descriptor = registry.Find(job.Spec.Type);
        if (job.Rejection is not null)
            return;
        // Another instance may have a handler; the claim checks that.
        if (job.Descriptor is null)
            return;

        ReadOnlyMemory<byte>? payload = job.Spec.PayloadInBlob
            ? await payloads.ReadAsync(PayloadName.Payload(job.Id), cancellationToken)
            : job.Spec.Payload;
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

    /// <summary>Finds the type; null if this instance has no handler for it.</summary>
    public JobDescriptor? Find(string type) => registry.Find(type);

    /// <summary>
    /// Returns null if the job may be claimed: with the permit that it now holds, or with the closed gate that the claim records.
    /// </summary>
    public async Task<DeliveryResult?> AdmitAsync(JobExecution job, CancellationToken cancellationToken)
    {
        if (!job.IsAdmitted && await AdmitForeignAsync(job, cancellationToken) is { } duplicate)
            return duplicate;
        if (job.Message.Ready is { Now: true })
            job.IsExpedited = (await store.ReadAsync(job.Id, cancellationToken)).Record is { Status.IsExpedited: true };
        var now = time.GetUtcNow();
        if (!job.IsExpedited && job.Rejection is null && job.Spec.NotBefore is { } due && due > now)
        {
            // Rare (once per hop of up to six days), and it makes a foreign message visible as Scheduled.
            await RecordAsync(job, cancellationToken);
            return new DeliveryResult.Deferred(due, DeferralReason.NotDue, "not due yet");
        }

        if (job.Stopping.IsCancellationRequested)
            return new DeliveryResult.Deferred(now, DeferralReason.HostStopping, "the host is stopping");
        if (job is { Rejection: null, Descriptor: not null } && !job.FitsFrom(now))
            return new DeliveryResult.Deferred(now, DeferralReason.NoTimeLeft, "its time limit exceeds what is left of the delivery");
        return await AskGatesAsync(job, now, cancellationToken);
    }

    private async Task<DeliveryResult?> AskGatesAsync(JobExecution job, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Other validation errors are known from this delivery alone, so the job ends now.
        if (job.Rejection is not (null or { Reason: DeadLetterReason.InvalidPayload }))
            return null;
        var willRun = job is { Rejection: null, Descriptor: not null } && now < job.Spec.Deadline;
        var request = new StartRequest(job.Id, job.Queue, job.Spec, job.Descriptor, willRun)
        {
            Attempt = job.Message.Attempt,
            Ready = job.Message.Ready,
            IsExpedited = job.IsExpedited,
            IsRedelivery = !job.MayClaimUnread || job.Message.Ready is not null,
            MayPark = job.MayPark,
        };
        switch (await gates.AskAsync(request, cancellationToken))
        {
            case GateDecision.Parked parked:
                await RecordAsync(job, cancellationToken);
                return new DeliveryResult.Parked(parked.Why);
            case GateDecision.Closed { OnRecord: false } closed:
                // Once, because it is replaced by a message of ours: it may be asked for, or dropped again, while it waits.
                if (job.Message.Id is null)
                    await RecordAsync(job, cancellationToken);
                return new DeliveryResult.Deferred(closed.Until, closed.Reason, closed.Why);
            case GateDecision.Closed closed:
                job.Closed = closed;
                return null;
            case GateDecision.Open open:
                job.Permit = open.Permit;
                return null;
            case var other:
                throw new InvalidOperationException($"{other.GetType().Name} is not a gate decision.");
        }
    }

    /// <summary>
    /// What is done once for a message that another system dropped, before anything can make it wait: its replacement is one of ours,
    /// of which no key is reserved any more, and every delivery has to describe the job in the same way.
    /// </summary>
    private async Task<DeliveryResult?> AdmitForeignAsync(JobExecution job, CancellationToken cancellationToken)
    {
        // What another system fitted into a message may not fit once our own members are added.
        job.Describe(await enqueuer.MoveLargePayloadAsync(job.Id, job.Spec, cancellationToken));
        if (job.Rejection is not null)
            return null;
        if (job.Spec.Key is not null && await ReserveKeyAsync(job, cancellationToken) is { } duplicate)
            return duplicate;
        if (job.Rejection is null)
            job.IsAdmitted = true;
        return null;
    }

    private async Task<DeliveryResult?> ReserveKeyAsync(JobExecution job, CancellationToken cancellationToken)
    {
        var reservation = await enqueuer.ReserveKeyAsync(job.Id, job.Queue, job.Spec, cancellationToken);
        switch (reservation.Verdict)
        {
            case KeyVerdict.Owned:
                return null;
            case KeyVerdict.Conflict:
                job.Rejection = (DeadLetterReason.KeyConflict, Enqueuer.WhyConflict(job.Spec, reservation.Holder));
                return null;
            default:
                await enqueuer.RecordDuplicateAsync(job.Id, job.Queue, job.Spec, reservation.Holder, cancellationToken);
                ExecutionLog.Duplicate(logger, job.Id, job.Spec.Type, reservation.Holder);
                return new DeliveryResult.Superseded($"duplicate of {reservation.Holder}");
        }
    }

    private Task RecordAsync(JobExecution job, CancellationToken cancellationToken) => enqueuer.RecordWaitingAsync(
        job.Id, job.Queue, job.Spec, isForeign: job.Message.Id is null, job.Descriptor?.Type, cancellationToken);
}
