using JobPipeline.Jobs;

namespace JobPipeline.Execution;

/// <summary>
/// What became of a delivery: a closed set. The host acts on one question alone, whether to acknowledge the message or
/// to hide it until <see cref="PutBackUntil"/>.
/// </summary>
public abstract record DeliveryResult
{
    private DeliveryResult()
    {
    }

    /// <summary>Null: acknowledge the message. Else: hide it until then (a moment in the past means at once), never acknowledge.</summary>
    public DateTimeOffset? PutBackUntil { get; private init; }

    /// <summary>
    /// True when the message holds only jobs whose types this instance has no handler for, and which it left to other instances.
    /// A host that polls should let them look first.
    /// </summary>
    public bool IsLeftToOthers => this switch
    {
        Deferred { Reason: DeferralReason.UnknownType } => true,
        Unpacked { Parts: { Count: > 0 } parts } => parts.All(part => part.IsLeftToOthers),
        _ => false,
    };

    /// <summary>The same, but a successor of the message is on its way: acknowledge.</summary>
    internal DeliveryResult WithSuccessor() => this with { PutBackUntil = null };

    /// <summary>The job's success is on record.</summary>
    public sealed record Succeeded : DeliveryResult;

    /// <summary>The attempt failed; the next one is on its way.</summary>
    public sealed record Failed(int Attempt, DateTimeOffset RetryAt) : DeliveryResult;

    /// <summary>It ended as a dead letter.</summary>
    public sealed record DeadLettered(DeadLetterReason Reason, string Detail) : DeliveryResult;

    /// <summary>The job is called off.</summary>
    public sealed record Cancelled : DeliveryResult;

    /// <summary>The job's time was over.</summary>
    public sealed record Expired : DeliveryResult;

    /// <summary>Given back on record, to come back by this same message.</summary>
    public sealed record Snoozed : DeliveryResult
    {
        public Snoozed(DateTimeOffset until) => PutBackUntil = until;
    }

    /// <summary>Nothing was left to do: an old message, a duplicate, or follow-ups repeated.</summary>
    public sealed record Superseded(string Why) : DeliveryResult;

    /// <summary>Not now: this same message is to come back.</summary>
    public sealed record Deferred : DeliveryResult
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

    /// <summary>A pack was worked off; each of its jobs had a result of its own.</summary>
    public sealed record Unpacked(IReadOnlyList<DeliveryResult> Parts) : DeliveryResult;
}
