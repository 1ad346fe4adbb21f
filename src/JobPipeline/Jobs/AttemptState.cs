namespace JobPipeline.Jobs;

/// <summary>The state of an attempt.</summary>
public enum AttemptState
{
    /// <summary>A worker holds the claim until the lease ends.</summary>
    Running,

    /// <summary>
    /// Released without using the attempt (snoozed, deferred, or its host stopped); can be claimed from
    /// <see cref="Attempt.LeaseUntil"/>.
    /// </summary>
    Released,

    /// <summary>Failed.</summary>
    Failed,

    /// <summary>Succeeded.</summary>
    Succeeded,

    /// <summary>Cancelled.</summary>
    Cancelled,

    /// <summary>Not started before the job's deadline.</summary>
    Expired,
}
