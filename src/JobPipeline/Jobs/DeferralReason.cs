namespace JobPipeline.Jobs;

/// <summary>Why a job does not start, or go on, yet.</summary>
internal enum DeferralReason
{
    /// <summary>Its start time, or the next hop towards it, lies ahead.</summary>
    NotDue,

    /// <summary>Its queue or type is paused.</summary>
    Paused,

    /// <summary>This instance has not enough memory for it now.</summary>
    Resources,

    /// <summary>The circuit of its type is open.</summary>
    CircuitOpen,

    /// <summary>A limit of its type is reached.</summary>
    LimitReached,

    /// <summary>What it calls asked for a pause.</summary>
    Throttled,

    /// <summary>Its handler asked to run again later.</summary>
    Snoozed,

    /// <summary>The host is stopping.</summary>
    HostStopping,

    /// <summary>Another worker holds the lease.</summary>
    HeldElsewhere,

    /// <summary>Its time limit does not fit into what is left of the delivery.</summary>
    NoTimeLeft,

    /// <summary>This worker lost its claim.</summary>
    ClaimLost,

    /// <summary>Storage failed while the message was processed.</summary>
    DeliveryFailed,

    /// <summary>This instance has no handler for the type; another one has, or may soon have.</summary>
    UnknownType,
}
