namespace JobPipeline.Workflows.Machine;

/// <summary>Where an instance stands.</summary>
public enum WorkflowStatus
{
    /// <summary>Steps run, or wait for their turn.</summary>
    Running,

    /// <summary>Was cancelled: waits for what is still running, then undoes.</summary>
    Cancelling,

    /// <summary>Undoes what was done.</summary>
    Compensating,

    /// <summary>Terminal: every step that mattered succeeded.</summary>
    Completed,

    /// <summary>Terminal: a step failed and nobody took care of it; what could be undone is undone.</summary>
    Failed,

    /// <summary>Terminal: was cancelled; what could be undone is undone.</summary>
    Cancelled,

    /// <summary>Terminal: was stopped at once.</summary>
    Terminated,
}

/// <summary>Where a step stands.</summary>
public enum StepStatus
{
    /// <summary>Waits for what it needs.</summary>
    Pending,

    /// <summary>The list of its fan-out is worked out.</summary>
    Expanding,

    /// <summary>Runs, waits for an event, for time to pass or for its next attempt.</summary>
    Running,

    Succeeded,

    Failed,

    /// <summary>Its rule did not let it run.</summary>
    Skipped,

    /// <summary>The workflow was cancelled or terminated before it was done.</summary>
    Cancelled,

    /// <summary>What undoes it runs.</summary>
    Compensating,

    /// <summary>Succeeded and was undone.</summary>
    Compensated,

    /// <summary>Succeeded and could not be undone.</summary>
    CompensationFailed,
}

public static class WorkflowStatuses
{
    /// <summary>True for an instance that nothing moves any more.</summary>
    public static bool IsTerminal(this WorkflowStatus status) => status >= WorkflowStatus.Completed;

    /// <summary>True for a step that others wait for no longer.</summary>
    public static bool IsDone(this StepStatus status) => status is not (StepStatus.Pending or StepStatus.Expanding or StepStatus.Running);
}
