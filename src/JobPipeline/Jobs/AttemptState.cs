namespace JobPipeline.Jobs;

/// <summary>How one attempt stands.</summary>
public enum AttemptState
{
    /// <summary>A worker holds the claim until the lease ends.</summary>
    Running,

    /// <summary>Given back without having used the attempt (snoozed, deferred, or its host stopped): open from <see cref="Attempt.LeaseUntil"/>.</summary>
    Released,

    /// <summary>Ended in failure.</summary>
    Failed,

    /// <summary>Ended in success.</summary>
    Succeeded,

    /// <summary>Called off.</summary>
    Cancelled,

    /// <summary>Out of time.</summary>
    Expired,
}
