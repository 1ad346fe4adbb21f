using JobPipeline.Jobs;

namespace JobPipeline.Execution.Verdicts;

/// <summary>How an attempt ends, decided by <see cref="EndingRules"/>: a closed set that maps to one transition each.</summary>
internal abstract record JobEnding
{
    private JobEnding()
    {
    }

    public sealed record Completed(ReadOnlyMemory<byte> Result, bool InBlob) : JobEnding;

    public sealed record Retried(AttemptError Error, DateTimeOffset RetryAt) : JobEnding;

    public sealed record Buried(AttemptError Error, DeadLetterReason Reason, string Why) : JobEnding;

    public sealed record Released(DateTimeOffset Until, DeferralReason Reason, string Why) : JobEnding;

    public sealed record CalledOff(string Why) : JobEnding;

    /// <summary>Nothing may be written: another worker holds the job.</summary>
    public sealed record Lost : JobEnding;

    /// <summary>What went wrong; null: nothing did that counts against the job.</summary>
    public AttemptError? Failure => this switch { Retried retried => retried.Error, Buried buried => buried.Error, _ => null };

    /// <summary>What is really written: a request to cancel turns whatever is not final into a cancellation.</summary>
    public JobEnding On(Attempt row) => row.CancelRequested && this is (Retried or Released) ? new CalledOff("cancelled while it ran") : this;

    public JobTransition ToTransition(Attempt row, DateTimeOffset now) => this switch
    {
        Completed done => JobTransition.Complete(row, now, done.Result, done.InBlob),
        Retried retried => JobTransition.Retry(row, retried.Error.Trimmed(), now, retried.RetryAt),
        Buried buried => JobTransition.DeadLetter(row, buried.Error.Trimmed(), now, buried.Reason, buried.Why),
        Released released => JobTransition.Release(row, now, released.Until, released.Why),
        CalledOff off => JobTransition.Cancel(row, now, off.Why),
        _ => throw new InvalidOperationException("A lost claim writes nothing."),
    };
}
