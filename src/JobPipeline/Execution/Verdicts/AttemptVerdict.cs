using JobPipeline.Failures.DeadLetters;
using JobPipeline.Jobs;

namespace JobPipeline.Execution.Verdicts;

/// <summary>How an attempt ends, decided by <see cref="VerdictRules"/>: a closed set that maps to one transition each.</summary>
internal abstract record AttemptVerdict
{
    private AttemptVerdict()
    {
    }

    public sealed record Completed(ReadOnlyMemory<byte> Result, bool InBlob) : AttemptVerdict;

    public sealed record Retried(AttemptError Error, DateTimeOffset RetryAt) : AttemptVerdict;

    public sealed record DeadLettered(AttemptError Error, DeadLetterReason Reason, string Why) : AttemptVerdict;

    public sealed record Released(DateTimeOffset Until, DeferralReason Reason, string Why) : AttemptVerdict;

    public sealed record Cancelled(string Why) : AttemptVerdict;

    /// <summary>Nothing may be written: another worker holds the job.</summary>
    public sealed record Lost : AttemptVerdict;

    /// <summary>What went wrong; null: nothing did that counts against the job.</summary>
    public AttemptError? Failure => this switch { Retried retried => retried.Error, DeadLettered deadLettered => deadLettered.Error, _ => null };

    /// <summary>What is really written: a request to cancel turns whatever is not final into a cancellation.</summary>
    public AttemptVerdict On(Attempt row) => row.CancelRequested && this is (Retried or Released) ? new Cancelled("cancelled while it ran") : this;

    public JobTransition ToTransition(Attempt row, DateTimeOffset now) => this switch
    {
        Completed done => JobTransition.Complete(row, now, done.Result, done.InBlob),
        Retried retried => JobTransition.Retry(row, retried.Error.Trimmed(), now, retried.RetryAt),
        DeadLettered deadLettered => JobTransition.DeadLetter(row, deadLettered.Error.Trimmed(), now, deadLettered.Reason, deadLettered.Why),
        Released released => JobTransition.Release(row, now, released.Until, released.Why),
        Cancelled cancelled => JobTransition.Cancel(row, now, cancelled.Why),
        _ => throw new InvalidOperationException("A lost claim writes nothing."),
    };
}
