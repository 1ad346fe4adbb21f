using JobPipeline.Diagnostics;
using JobPipeline.Execution.Verdicts;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Failures.ErrorGroups;
using JobPipeline.Jobs;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Execution;

/// <summary>Writes dead letters of jobs, and of messages that are unreadable or claim to be a job that they are not.</summary>
internal sealed class DeadLetterWriter(
    IDeadLetterStore deadLetters,
    DeadLetterCallbacks callbacks,
    ErrorCounter errors,
    JobMetrics metrics,
    TimeProvider time,
    ILogger<DeadLetterWriter> logger)
{
    /// <summary>Logged in place of a reason that may quote the payload.</summary>
    private const string OnRecord = "see the record for the reason";

    /// <summary>
    /// Stores the job as a dead letter, unless it is a workflow step: the workflow decides what follows. The callback is enqueued
    /// first: where the dead letter exists, its callback was sent.
    /// </summary>
    /// <param name="job">The job; its failure is on record.</param>
    /// <param name="reason">The reason.</param>
    /// <param name="why">The reason in words, for the record.</param>
    /// <param name="failures">The failure of each attempt.</param>
    /// <param name="logged">The reason in words for the log; null when they may quote the payload.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    public async Task<DeliveryResult> WriteAsync(
        JobExecution job,
        DeadLetterReason reason,
        string why,
        IReadOnlyList<AttemptError> failures,
        string? logged,
        CancellationToken cancellationToken)
    {
        if (job.Spec.Workflow is { } step)
        {
            ExecutionLog.StepFailed(logger, job.Id, job.Spec.Type, step.Run.Step, step.Instance, reason, logged ?? OnRecord);
        }
        else
        {
            var group = failures is [.., var last] ? last.Group : null;
            var deadLetter = NewDeadLetter(job.Id, job, reason, why) with { Errors = failures, ErrorGroup = group };
            if (job.Descriptor?.OnDeadLetter is { } callback)
                await callbacks.SendAsync(callback, deadLetter, job.Spec, cancellationToken);
            await deadLetters.AddAsync(deadLetter, cancellationToken);
            metrics.DeadLetter(job.Descriptor?.Type, reason);
            ExecutionLog.DeadLettered(logger, job.Id, job.Spec.Type, reason, logged ?? OnRecord);
        }

        return new DeliveryResult.DeadLettered(reason, why);
    }

    /// <summary>Stores the message as a dead letter of its own; the job that it names is not changed.</summary>
    public async Task<DeliveryResult> RefuseAsync(JobExecution job, string why, CancellationToken cancellationToken)
    {
        var deadLetter = NewDeadLetter(job.DerivedId, job, DeadLetterReason.ForgedIdentity, why);
        await KeepAsync(deadLetter, job.Delivery, job.Descriptor?.Type, cancellationToken);
        ExecutionLog.DeadLettered(logger, job.DerivedId, job.Spec.Type, DeadLetterReason.ForgedIdentity, OnRecord);
        return new DeliveryResult.DeadLettered(DeadLetterReason.ForgedIdentity, why);
    }

    /// <summary>Stores a message that can't be read as a job.</summary>
    public async Task<DeliveryResult> WriteUnreadableAsync(
        QueueDelivery delivery,
        ReadOnlyMemory<byte> body,
        JobId id,
        DeadLetterReason reason,
        string why,
        CancellationToken cancellationToken)
    {
        var deadLetter = new DeadLetter
        {
            Id = id,
            Reason = reason,
            Detail = why,
            At = time.GetUtcNow(),
            Queue = delivery.Queue,
            Original = body,
        };
        await KeepAsync(deadLetter, delivery, jobType: null, cancellationToken);
        ExecutionLog.DeadLettered(logger, id, "no known type", reason, OnRecord);
        return new DeliveryResult.DeadLettered(reason, why);
    }

    /// <summary>
    /// Whether the job ended as a dead letter that is not written yet. Only an instance that knows the type can write it, because the
    /// type names the callback.
    /// </summary>
    public async Task<bool> IsMissingAsync(JobExecution job, JobRecord record, CancellationToken cancellationToken) =>
        job.Spec.Workflow is null
        && record.Status is { State: JobState.DeadLettered, DeadLetterReason: not null }
        && await deadLetters.ReadAsync(job.Id, cancellationToken) is null;

    /// <summary>Stores a dead letter without an attempt, and counts it unless an earlier delivery of the message did.</summary>
    private async Task KeepAsync(DeadLetter deadLetter, QueueDelivery delivery, string? jobType, CancellationToken cancellationToken)
    {
        var isKept = delivery.DequeueCount > 1 && await deadLetters.ReadAsync(deadLetter.Id, cancellationToken) is not null;
        var error = new AttemptError(
            ErrorKind.Permanent, deadLetter.Reason.ToString(), deadLetter.Detail, null, deadLetter.At, TimeSpan.Zero, "")
            .Grouped(jobType);
        await deadLetters.AddAsync(deadLetter with { ErrorGroup = error.Group }, cancellationToken);
        if (isKept)
            return;
        metrics.DeadLetter(jobType, deadLetter.Reason);
        errors.Seen(jobType, error, deadLetter.Id, attempt: 0);
    }

    private DeadLetter NewDeadLetter(JobId id, JobExecution job, DeadLetterReason reason, string why) => new()
    {
        Id = id,
        Reason = reason,
        Detail = why,
        At = time.GetUtcNow(),
        Queue = job.Queue,
        Type = job.Spec.Type,
        Original = job.Body,
        TraceParent = job.Spec.TraceParent,
    };
}
