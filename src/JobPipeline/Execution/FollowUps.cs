using JobPipeline.Execution.Verdicts;
using JobPipeline.Failures;
using JobPipeline.Failures.ErrorGroups;
using JobPipeline.Jobs;
using JobPipeline.Limits;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Execution;

/// <summary>
/// The last step: the follow-ups of a recorded verdict. All of them are idempotent: ids are derived, and an existing dead letter is
/// not changed.
/// </summary>
internal sealed class FollowUps(
    AttemptSender sender,
    DeadLetterWriter deadLetters,
    IWorkflowSignals workflows,
    ErrorCounter errors,
    ParkedJobs parked,
    ILogger<FollowUps> logger)
{
    public async Task<DeliveryResult> RunAsync(JobExecution job, RecordedVerdict recorded, CancellationToken cancellationToken)
    {
        var row = recorded.Row;
        if (recorded.Status is { } status && status.State.IsTerminal())
            await NotifyWorkflowAsync(job, status, isRepeated: false, cancellationToken);
        if (recorded.Verdict.Failure is { } failure)
            errors.Seen(job.Descriptor?.Type, failure, job.Id, row.Number);
        // Its message may have been sent again, while a row stood for the one before.
        if (recorded.Verdict is AttemptVerdict.Expired)
            await parked.RemoveAsync(job.Id, job.Queue, job.Spec, cancellationToken);
        switch (recorded.Verdict)
        {
            case AttemptVerdict.Retried retried:
                return await RetryAsync(job, row, retried, cancellationToken);
            case AttemptVerdict.DeadLettered dead:
                return await DeadLetterAsync(job, dead, cancellationToken);
            case AttemptVerdict.Released released:
                return new DeliveryResult.Snoozed(released.Until);
            case AttemptVerdict.Lost:
                ExecutionLog.ClaimLost(logger, job.Id, job.Spec.Type, row.Number);
                // Never acknowledged: the worker that holds the job may have died already, and this may be its only message.
                return new DeliveryResult.Deferred(row.LeaseUntil, DeferralReason.ClaimLost, "the claim was lost");
            case AttemptVerdict.Completed:
                ExecutionLog.Ended(logger, LogLevel.Debug, job.Id, job.Spec.Type, row.Number, row.State);
                return new DeliveryResult.Succeeded();
            default:
                ExecutionLog.Ended(logger, LogLevel.Information, job.Id, job.Spec.Type, row.Number, row.State);
                return recorded.Verdict is AttemptVerdict.Expired ? new DeliveryResult.Expired() : new DeliveryResult.Cancelled();
        }
    }

    /// <summary>Repeats the follow-ups of a job that has ended: its last worker may have died before it could finish them.</summary>
    public async Task<DeliveryResult> RepeatAsync(JobExecution job, JobRecord record, CancellationToken cancellationToken)
    {
        await NotifyWorkflowAsync(job, record.Status, isRepeated: true, cancellationToken);
        // A job that ended while it was parked: its row has stood for this message until now.
        if (job.Message.Ready is not null)
            await parked.RemoveAsync(job.Id, job.Queue, job.Spec, cancellationToken);
        if (await deadLetters.IsMissingAsync(job, record, cancellationToken))
        {
            var reason = record.Status.DeadLetterReason!.Value;
            return await deadLetters.WriteAsync(
                job, reason, record.Status.Reason ?? "", [.. job.EarlierErrors], logged: null, cancellationToken);
        }

        return new DeliveryResult.Superseded($"the job has ended: {record.Status.State}");
    }

    private Task NotifyWorkflowAsync(JobExecution job, JobStatus ended, bool isRepeated, CancellationToken cancellationToken) =>
        job.Spec.Workflow is { } step ? workflows.NotifyAsync(job.Id, step, ended, isRepeated, cancellationToken) : Task.CompletedTask;

    private async Task<DeliveryResult> RetryAsync(
        JobExecution job, Attempt row, AttemptVerdict.Retried retried, CancellationToken cancellationToken)
    {
        var text = ErrorText.Of(retried.Error, job.Spec);
        ExecutionLog.WillRetry(logger, job.Id, job.Spec.Type, row.Number, retried.Error.Kind, text, retried.RetryAt);
        await sender.SendAsync(job, row.Number + 1, retried.RetryAt, cancellationToken);
        return new DeliveryResult.Failed(row.Number, retried.RetryAt);
    }

    private Task<DeliveryResult> DeadLetterAsync(JobExecution job, AttemptVerdict.DeadLettered dead, CancellationToken cancellationToken)
    {
        var error = dead.Error.Trimmed();
        var logged = dead.IsRejection ? null : ErrorText.Of(dead.Error, job.Spec);
        // Rows that were read after a lost answer hold the newest error already.
        IReadOnlyList<AttemptError> failures = [.. job.EarlierErrors.Where(earlier => earlier != error), error];
        return deadLetters.WriteAsync(job, dead.Reason, dead.Why, failures, logged, cancellationToken);
    }
}
