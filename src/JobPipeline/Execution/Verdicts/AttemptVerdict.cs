using JobPipeline.Jobs;

namespace JobPipeline.Execution.Verdicts;

/// <summary>
/// How an attempt ended: a closed set. It is decided before the claim, which then ends the attempt in its own transaction
/// (<see cref="ToClaimTransition"/>), or after the run (<see cref="ToTransition"/>); what follows is the same.
/// </summary>
internal abstract record AttemptVerdict
{
    private AttemptVerdict()
    {
    }

    public sealed record Completed(ReadOnlyMemory<byte> Result, bool InBlob) : AttemptVerdict;

    public sealed record Retried(AttemptError Error, DateTimeOffset RetryAt) : AttemptVerdict;

    public sealed record DeadLettered(AttemptError Error, DeadLetterReason Reason, string Why) : AttemptVerdict
    {
        /// <summary>Whether no handler ran. The reason may quote the payload, so it is not logged.</summary>
        public bool IsRejection { get; init; }
    }

    public sealed record Released(DateTimeOffset Until, DeferralReason Reason, string Why) : AttemptVerdict;

    public sealed record Cancelled(string Why) : AttemptVerdict;

    /// <param name="LastError">The message of the error of the attempt before.</param>
    public sealed record Expired(string? LastError) : AttemptVerdict;

    /// <summary>Another worker holds the job; nothing may be written.</summary>
    public sealed record Lost : AttemptVerdict;

    /// <summary>The failure that counts against the job; null when there is none.</summary>
    public AttemptError? Failure => this switch
    {
        Retried retried => retried.Error,
        DeadLettered deadLettered => deadLettered.Error,
        _ => null,
    };

    /// <summary>Returns the verdict to record: a requested cancellation replaces any verdict that is not final.</summary>
    public AttemptVerdict On(Attempt row) =>
        row.CancelRequested && this is (Retried or Released) ? new Cancelled("cancelled while it ran") : this;

    /// <summary>The transition after a run. The row is claimed by this worker.</summary>
    public JobTransition ToTransition(Attempt row, DateTimeOffset now) => this switch
    {
        Completed done => JobTransition.Complete(row, now, done.Result, done.InBlob),
        Retried retried => JobTransition.Retry(row, retried.Error.Trimmed(), now, retried.RetryAt),
        DeadLettered dead => JobTransition.DeadLetter(row, dead.Error.Trimmed(), now, dead.Reason, dead.Why),
        Released released => JobTransition.Release(row, now, released.Until, released.Why),
        Cancelled cancelled => JobTransition.Cancel(row, now, cancelled.Why),
        _ => throw new InvalidOperationException($"{GetType().Name} is not recorded after a run."),
    };

    /// <summary>The transition that claims the attempt and ends it at once.</summary>
    public JobTransition ToClaimTransition(Attempt row, DateTimeOffset now, string queue, JobSpec spec) => this switch
    {
        DeadLettered dead => JobTransition.Reject(row, dead.Error.Trimmed(), now, dead.Reason, dead.Why, queue, spec),
        Released released => JobTransition.Defer(row, now, released.Until, released.Why, queue, spec),
        Cancelled cancelled => JobTransition.Cancel(row, now, cancelled.Why),
        Expired expired => JobTransition.Expire(row, now, queue, spec, expired.LastError),
        _ => throw new InvalidOperationException($"{GetType().Name} needs a run."),
    };
}
