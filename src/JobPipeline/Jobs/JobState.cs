namespace JobPipeline.Jobs;

/// <summary>Where a job stands. The diagram is in docs/job-states.md.</summary>
public enum JobState
{
    /// <summary>Due later.</summary>
    Scheduled,

    /// <summary>Due, waits for a worker.</summary>
    Queued,

    /// <summary>A worker holds its lease.</summary>
    Running,

    /// <summary>Failed; waits for its next attempt.</summary>
    Retrying,

    /// <summary>Terminal: its result is on record.</summary>
    Succeeded,

    /// <summary>Terminal: it can't succeed as it is; the dead letter tells why.</summary>
    DeadLettered,

    /// <summary>Terminal: someone, or its own handler, called it off.</summary>
    Cancelled,

    /// <summary>Terminal: its time ran out before it could end otherwise.</summary>
    Expired,
}

public static class JobStates
{
    /// <summary>True for the states that a job never leaves.</summary>
    public static bool IsTerminal(this JobState state) => state >= JobState.Succeeded;
}
