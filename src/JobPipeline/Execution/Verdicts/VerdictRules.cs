using System.Text.Json;
using JobPipeline.Execution.Running;
using JobPipeline.Failures.Fingerprints;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Execution.Verdicts;

/// <summary>Decides the verdict of an attempt from its handler's result. Pure except for the rules of the classifier.</summary>
internal sealed class VerdictRules(ErrorClassifier classifier)
{
    /// <summary>The size above which a result is stored in a blob.</summary>
    public const int MaxInlineResultBytes = 32 * 1024;

    private static readonly TimeSpan DefaultRetryAfter = TimeSpan.FromSeconds(30);

    public AttemptVerdict For(JobExecution job, HandlerResult result, DateTimeOffset now, string worker)
    {
        switch (result.Outcome)
        {
            case JobOutcome.Succeeded succeeded:
                return Completed(job, succeeded, result, now, worker);
            case JobOutcome.Snoozed snoozed:
                return new AttemptVerdict.Released(
                    Later(job, now, snoozed.Delay), DeferralReason.Snoozed, snoozed.Why ?? "snoozed by its handler");
            case JobOutcome.Cancelled cancelled:
                return new AttemptVerdict.Cancelled(cancelled.Reason);
            case JobOutcome.Failed failed:
                return Failed(job, failed.Error, classifier.Classify(failed.Error), result, now, worker);
        }

        var error = result.Error ?? new InvalidOperationException(
            $"The handler of '{job.Spec.Type}' returned no outcome; return JobOutcome.Success() or a result.");
        var errorClass = result.Interruption is { } kind ? new ErrorClass(kind) : classifier.Classify(error);
        return Failed(job, error, errorClass, result, now, worker);
    }

    private static AttemptVerdict Completed(
        JobExecution job, JobOutcome.Succeeded succeeded, HandlerResult result, DateTimeOffset now, string worker)
    {
        if (succeeded.Result is null)
            return new AttemptVerdict.Completed(default, InBlob: false);
        try
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(succeeded.Result, succeeded.Result.GetType(), JobJson.Options);
            if (JsonText.ErrorOf(json, PayloadJson.MaxDepth) is { } error)
                throw new JsonException($"it {error}");
            return new AttemptVerdict.Completed(json, InBlob: json.Length > MaxInlineResultBytes);
        }
        catch (Exception e)
        {
            var error = new JobRejectedException($"The result of '{job.Spec.Type}' can't be written as JSON: {e.Message}", e);
            return Failed(job, error, new ErrorClass(ErrorKind.Permanent), result, now, worker);
        }
    }

    private static AttemptVerdict Failed(
        JobExecution job, Exception error, ErrorClass errorClass, HandlerResult result, DateTimeOffset now, string worker)
    {
        var number = job.Claim!.Row.Number;
        error = ErrorCause.Of(error, out var stack);
        var name = error.GetType().FullName ?? error.GetType().Name;
        var record = new AttemptError(errorClass.Kind, name, error.Message, HandlerFrames(stack), now, result.Duration, worker)
            .Grouped(job);
        return errorClass.Kind switch
        {
            ErrorKind.LeaseLost => new AttemptVerdict.Lost(),
            ErrorKind.Cancelled => new AttemptVerdict.Cancelled("cancelled while it ran"),
            ErrorKind.HostStopping => new AttemptVerdict.Released(now, DeferralReason.HostStopping, "its host stopped"),
            ErrorKind.Throttled => new AttemptVerdict.Released(
                Later(job, now, errorClass.RetryAfter ?? DefaultRetryAfter), DeferralReason.Throttled, $"throttled: {error.Message}"),
            ErrorKind.Permanent => new AttemptVerdict.DeadLettered(record, DeadLetterReason.PermanentFailure, error.Message),
            _ when number >= job.MaxAttempts => new AttemptVerdict.DeadLettered(
                record, DeadLetterReason.AttemptsExhausted, $"attempt {number} of {job.MaxAttempts} failed: {error.Message}"),
            _ => new AttemptVerdict.Retried(record, Later(job, now, job.Backoff.DelayAfter(number, job.Id))),
        };
    }

    /// <summary>The stack down to the handler; the frames below it are ours, and the same in every stack.</summary>
    private static string? HandlerFrames(string? stack)
    {
        const string ours = "   at JobPipeline.Handlers.JobInvoker";
        var end = stack?.IndexOf(ours, StringComparison.Ordinal) ?? -1;
        return end > 0 ? stack![..end].TrimEnd() : stack;
    }

    /// <summary>Never past the deadline: there the job ends as expired.</summary>
    private static DateTimeOffset Later(JobExecution job, DateTimeOffset now, TimeSpan delay)
    {
        var until = now + (delay < TimeSpan.Zero ? TimeSpan.Zero : delay > JobLimits.DefaultLifetime ? JobLimits.DefaultLifetime : delay);
        return until < job.Spec.Deadline || job.Spec.Deadline < now ? until : job.Spec.Deadline;
    }
}
