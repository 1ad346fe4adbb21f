namespace JobPipeline.Execution;

/// <summary>Why a job was put back for later.</summary>
public enum DeferralReason
{
    /// <summary>Its start time, or the next hop towards it, lies ahead.</summary>
    NotDue,

    /// <summary>Its lane or type is paused.</summary>
    Paused,

    /// <summary>The circuit of its type is open.</summary>
    CircuitOpen,

    /// <summary>What it calls asked to be left alone for a while.</summary>
    Throttled,

    /// <summary>Its handler asked to be called again later.</summary>
    Snoozed,

    /// <summary>The host stops.</summary>
    HostStopping,

    /// <summary>Another worker holds it.</summary>
    HeldElsewhere,

    /// <summary>Its time limit does not fit into what is left of the delivery.</summary>
    NoTimeLeft,

    /// <summary>This worker lost its claim.</summary>
    ClaimLost,

    /// <summary>Storage failed while the message was worked off.</summary>
    DeliveryFailed,

    /// <summary>This instance has no handler for the type; another one has, or may soon have.</summary>
    UnknownType,
}
