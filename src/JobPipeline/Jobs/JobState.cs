namespace JobPipeline.Jobs;

/// <summary>The state of a job. The diagram is in docs/job-states.md.</summary>
public enum JobState
{
    /// <summary>Not due yet.</summary>
    Scheduled,

    /// <summary>Due; waiting for a worker.</summary>
    Queued,

    /// <summary>A worker holds the lease.</summary>
    Running,

    /// <summary>Failed; waiting for the next attempt.</summary>
    Retrying,

    /// <summary>Terminal: the job succeeded and its result is recorded.</summary>
    Succeeded,

    /// <summary>Terminal: the job can't succeed as it is; the dead letter has the reason.</summary>
    DeadLettered,

    /// <summary>Terminal: cancelled on request or by its own handler.</summary>
    Cancelled,

    /// <summary>Terminal: the deadline passed before the job could end in another state.</summary>
    Expired,
}

public static class JobStates
{
    /// <summary>Whether the state is terminal: a job never leaves it.</summary>
    public static bool IsTerminal(this JobState state) => state >= JobState.Succeeded;
}
