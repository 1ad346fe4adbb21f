using JobPipeline.Diagnostics;
using JobPipeline.Execution.Verdicts;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Failures.ErrorGroups;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Maintenance.Instances;
using JobPipeline.Workflows.Instances;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Execution;

/// <summary>What comes after an outcome is on record. All of it may be repeated: ids derive, and a letter that is there stays as it is.</summary>
internal sealed class FollowUps(
    IJobQueue queue, IDeadLetterStore letters, DeadLetterCallbacks callbacks, ErrorCounter errors, IWorkflowSignals workflows, JobMetrics metrics, TimeProvider time, ILogger<FollowUps> logger)
{
    /// <summary>What is logged in place of a reason that may quote the payload.</summary>
    private const string OnRecord = "the record tells why";

    /// <summary>Sends the message of an attempt.</summary>
    public Task SendAttemptAsync(JobExecution job, int attempt, DateTimeOffset dueAt, CancellationToken cancellationToken) =>
        SendAsync(job.Lane, job.IsAdmitted ? JobMessageWriter.Write(job.Id, attempt, job.Spec) : JobMessageWriter.WriteUnadmitted(job.Id, job.Spec), dueAt, cancellationToken);

    /// <summary>Sends a message.</summary>
    public Task SendAsync(string lane, ReadOnlyMemory<byte> body, DateTimeOffset dueAt, CancellationToken cancellationToken) =>
        queue.SendAsync(lane, body, Max(dueAt - time.GetUtcNow(), TimeSpan.Zero), cancellationToken);

    /// <summary>Counts a failure that is on record, once.</summary>
    public void Count(JobExecution job, AttemptError error) => errors.Seen(job.Descriptor?.Type, error, job.Id, job.Claim!.Row.Number);

    /// <summary>Tells the workflow whose step the job is, if it is one, how it ended.</summary>
    public Task NotifyWorkflowAsync(JobExecution job, JobStatus ended, CancellationToken cancellationToken) =>
        job.Spec.Workflow is { } step ? workflows.TellAsync(job.Id, step, ended, cancellationToken) : Task.CompletedTask;

    /// <summary>
    /// Keeps the job as a dead letter, unless it is a step of a workflow: that one decides what becomes of it. The callback goes
    /// first: where the letter is, it was sent.
    /// </summary>
    /// <param name="job">The job, whose failure is on record.</param>
    /// <param name="reason">Why it failed.</param>
    /// <param name="why">The reason in words, for the record.</param>
    /// <param name="failures">The failure of each attempt.</param>
    /// <param name="logged">The reason in words that may be logged; null where they may quote the payload.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<DeliveryResult> BuryAsync(
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
            await callbacks.SendAsync(job, reason, why, failures, cancellationToken);
            await letters.AddAsync(Letter(job.Id, job, reason, why) with { Errors = failures, ErrorGroup = failures is [.., var last] ? last.Group : null }, cancellationToken);
            metrics.DeadLetter(job.Descriptor?.Type, reason);
            ExecutionLog.DeadLettered(logger, job.Id, job.Spec.Type, reason, logged ?? OnRecord);
        }

        return new DeliveryResult.DeadLettered(reason, why);
    }

    /// <summary>Keeps the message as a dead letter of its own: the job it names is not to be touched.</summary>
    public async Task<DeliveryResult> RefuseAsync(JobExecution job, string why, CancellationToken cancellationToken)
    {
        await KeepAsync(Letter(job.DerivedId, job, DeadLetterReason.ForgedIdentity, why), job.Delivery, job.Descriptor?.Type, cancellationToken);
        ExecutionLog.DeadLettered(logger, job.DerivedId, job.Spec.Type, DeadLetterReason.ForgedIdentity, OnRecord);
        return new DeliveryResult.DeadLettered(DeadLetterReason.ForgedIdentity, why);
    }

    /// <summary>Keeps what never was a job.</summary>
    public async Task<DeliveryResult> BuryUnreadableAsync(
        QueueDelivery delivery, ReadOnlyMemory<byte> body, JobId id, DeadLetterReason reason, string why, CancellationToken cancellationToken)
    {
        var letter = new DeadLetter { Id = id, Reason = reason, Detail = why, At = time.GetUtcNow(), Queue = delivery.Queue, Original = body };
        await KeepAsync(letter, delivery, jobType: null, cancellationToken);
        ExecutionLog.DeadLettered(logger, id, "no known type", reason, OnRecord);
        return new DeliveryResult.DeadLettered(reason, why);
    }

    /// <summary>The job has ended before; its last worker may have died before it could do this.</summary>
    public async Task<DeliveryResult> RepeatAsync(JobExecution job, JobRecord record, CancellationToken cancellationToken)
    {
        await NotifyWorkflowAsync(job, record.Status, cancellationToken);
        if (await LacksLetterAsync(job, record, cancellationToken))
        {
            var reason = record.Status.DeadLetterReason!.Value;
            return await BuryAsync(job, reason, record.Status.Reason ?? "", [.. job.EarlierErrors], logged: null, cancellationToken);
        }

        return new DeliveryResult.Superseded($"the job has ended: {record.Status.State}");
    }

    /// <summary>
    /// True when the job ended as a dead letter that is not there yet. Only an instance that knows the type can write it as it
    /// should be: it knows which job is to be told of it.
    /// </summary>
    public async Task<bool> LacksLetterAsync(JobExecution job, JobRecord record, CancellationToken cancellationToken) =>
        job.Spec.Workflow is null
        && record.Status is { State: JobState.DeadLettered, DeadLetterReason: not null }
        && await letters.ReadAsync(job.Id, cancellationToken) is null;

    /// <summary>Keeps a letter of which there is no attempt, and counts it, unless an earlier delivery of the message has done so.</summary>
    private async Task KeepAsync(DeadLetter letter, QueueDelivery delivery, string? jobType, CancellationToken cancellationToken)
    {
        var isKept = delivery.DequeueCount > 1 && await letters.ReadAsync(letter.Id, cancellationToken) is not null;
        var error = new AttemptError(ErrorKind.Permanent, letter.Reason.ToString(), letter.Detail, null, letter.At, TimeSpan.Zero, "").Grouped(jobType);
        await letters.AddAsync(letter with { ErrorGroup = error.Group }, cancellationToken);
        if (isKept)
            return;
        metrics.DeadLetter(jobType, letter.Reason);
        errors.Seen(jobType, error, letter.Id, attempt: 0);
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private DeadLetter Letter(JobId id, JobExecution job, DeadLetterReason reason, string why) => new()
    {
        Id = id,
        Reason = reason,
        Detail = why,
        At = time.GetUtcNow(),
        Queue = job.Lane,
        Type = job.Spec.Type,
        Original = job.Body,
        TraceParent = job.Spec.TraceParent,
    };
}
