using JobPipeline.Jobs;

namespace JobPipeline.Execution;

/// <summary>
/// The result of a delivery: a closed set. The host acts on <see cref="PutBackUntil"/> alone: it acknowledges the message, or hides it
/// until then.
/// </summary>
public abstract record DeliveryResult
{
    private DeliveryResult()
    {
    }

    /// <summary>
    /// The time until which the message must be hidden, never acknowledged; a time in the past makes it visible at once. Null to
    /// acknowledge it.
    /// </summary>
    public DateTimeOffset? PutBackUntil { get; private init; }

    /// <summary>
    /// Whether the message holds only jobs of types that this instance has no handler for, and that it left to other instances. A host
    /// that polls should let the others poll first.
    /// </summary>
    public bool IsLeftToOthers => this switch
    {
        Deferred { Reason: DeferralReason.UnknownType } => true,
        Unpacked { Parts: { Count: > 0 } parts } => parts.All(part => part.IsLeftToOthers),
        _ => false,
    };

    /// <summary>Returns the result for a message that a new one has replaced: acknowledge it.</summary>
    internal DeliveryResult AsReplaced() => this with { PutBackUntil = null };

    /// <summary>The job succeeded.</summary>
    internal sealed record Succeeded : DeliveryResult;

    /// <summary>The attempt failed; the message of the next one was sent.</summary>
    internal sealed record Failed(int Attempt, DateTimeOffset RetryAt) : DeliveryResult;

    /// <summary>The job, or the message, became a dead letter.</summary>
    internal sealed record DeadLettered(DeadLetterReason Reason, string Detail) : DeliveryResult;

    /// <summary>The job was cancelled.</summary>
    internal sealed record Cancelled : DeliveryResult;

    /// <summary>The job had expired.</summary>
    internal sealed record Expired : DeliveryResult;

    /// <summary>The attempt was released on record; this same message has to come back.</summary>
    internal sealed record Snoozed : DeliveryResult
    {
        public Snoozed(DateTimeOffset until) => PutBackUntil = until;
    }

    /// <summary>Nothing was left to do: an old message, a duplicate, or repeated follow-ups.</summary>
    internal sealed record Superseded(string Why) : DeliveryResult;

    /// <summary>The job can't start now; this same message has to come back.</summary>
    internal sealed record Deferred : DeliveryResult
    {
        public Deferred(DateTimeOffset until, DeferralReason reason, string why)
        {
            PutBackUntil = until;
            (Reason, Why) = (reason, why);
        }

        public DeferralReason Reason { get; }

        /// <summary>The reason in words.</summary>
        public string Why { get; }
    }

    /// <summary>The job waits at a limit, where a row stands for its message.</summary>
    internal sealed record Parked(string Why) : DeliveryResult;

    /// <summary>A pack was processed; each of its jobs has a result of its own.</summary>
    internal sealed record Unpacked(IReadOnlyList<DeliveryResult> Parts) : DeliveryResult;
}
