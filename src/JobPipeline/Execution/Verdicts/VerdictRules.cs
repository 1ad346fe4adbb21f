using System.Text.Json;
using JobPipeline.Execution.Running;
using JobPipeline.Failures.Fingerprints;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Execution.Verdicts;

/// <summary>Decides how an attempt ends from what its handler did. Pure but for the classifier's rules.</summary>
internal sealed class VerdictRules(ErrorClassifier classifier)
{
    /// <summary>A result above this goes to a blob.</summary>
    public const int MaxInlineResultBytes = 32 * 1024;

    public AttemptVerdict For(JobExecution job, HandlerResult answer, DateTimeOffset now, string worker)
    {
        switch (answer.Outcome)
        {
            case JobOutcome.Succeeded succeeded:
                return Completed(job, succeeded, answer, now, worker);
            case JobOutcome.Snoozed snoozed:
                return new AttemptVerdict.Released(Later(job, now, snoozed.Delay), DeferralReason.Snoozed, snoozed.Why ?? "snoozed by its handler");
            case JobOutcome.CalledOff off:
                return new AttemptVerdict.Cancelled(off.Reason);
            case JobOutcome.Failed failed:
                return Failed(job, failed.Error, classifier.Classify(failed.Error), answer, now, worker);
        }

        var error = answer.Error ?? new InvalidOperationException($"The handler of '{job.Spec.Type}' returned no outcome; return JobOutcome.Success() or a result.");
        var verdict = answer.Interruption is { } kind ? new ErrorClass(kind) : classifier.Classify(error);
        return Failed(job, error, verdict, answer, now, worker);
    }

    private static AttemptVerdict Completed(JobExecution job, JobOutcome.Succeeded succeeded, HandlerResult answer, DateTimeOffset now, string worker)
    {
        if (succeeded.Result is null)
            return new AttemptVerdict.Completed(default, InBlob: false);
        try
        {
            var result = JsonSerializer.SerializeToUtf8Bytes(succeeded.Result, succeeded.Result.GetType(), JobJson.Options);
            if (JsonText.FaultOf(result, PayloadJson.MaxDepth) is { } fault)
                throw new JsonException($"it {fault}");
            return new AttemptVerdict.Completed(result, InBlob: result.Length > MaxInlineResultBytes);
        }
        catch (Exception e)
        {
            return Failed(job, new JobRejectedException($"The result of '{job.Spec.Type}' can't be written as JSON: {e.Message}", e), new ErrorClass(ErrorKind.Permanent), answer, now, worker);
        }
    }

    private static AttemptVerdict Failed(JobExecution job, Exception error, ErrorClass verdict, HandlerResult answer, DateTimeOffset now, string worker)
    {
        var number = job.Claim!.Row.Number;
        error = ErrorCause.Of(error, out var stack);
        var record = new AttemptError(verdict.Kind, error.GetType().FullName ?? error.GetType().Name, error.Message, HandlerFrames(stack), now, answer.Duration, worker).Grouped(job);
        return verdict.Kind switch
        {
            ErrorKind.LeaseLost => new AttemptVerdict.Lost(),
            ErrorKind.Cancelled => new AttemptVerdict.Cancelled("cancelled while it ran"),
            ErrorKind.HostStopping => new AttemptVerdict.Released(now, DeferralReason.HostStopping, "its host stopped"),
            ErrorKind.Throttled => new AttemptVerdict.Released(Later(job, now, verdict.RetryAfter ?? TimeSpan.FromSeconds(30)), DeferralReason.Throttled, $"throttled: {error.Message}"),
            ErrorKind.Permanent => new AttemptVerdict.DeadLettered(record, DeadLetterReason.PermanentFailure, error.Message),
            _ when number >= job.MaxAttempts => new AttemptVerdict.DeadLettered(record, DeadLetterReason.AttemptsExhausted, $"attempt {number} of {job.MaxAttempts} failed: {error.Message}"),
            _ => new AttemptVerdict.Retried(record, Later(job, now, job.Backoff.DelayAfter(number, job.Id))),
        };
    }

    /// <summary>The trace down to the handler; what lies beneath is ours, and the same in every trace.</summary>
    private static string? HandlerFrames(string? stack)
    {
        const string ours = "   at JobPipeline.Handlers.JobInvoker";
        var end = stack?.IndexOf(ours, StringComparison.Ordinal) ?? -1;
        return end > 0 ? stack![..end].TrimEnd() : stack;
    }

    /// <summary>Never past the deadline: there the job is ended as expired, and not kept waiting for nothing.</summary>
    private static DateTimeOffset Later(JobExecution job, DateTimeOffset now, TimeSpan delay)
    {
        var until = now + (delay < TimeSpan.Zero ? TimeSpan.Zero : delay > JobLimits.DefaultLifetime ? JobLimits.DefaultLifetime : delay);
        return until < job.Spec.Deadline || job.Spec.Deadline < now ? until : job.Spec.Deadline;
    }
}
