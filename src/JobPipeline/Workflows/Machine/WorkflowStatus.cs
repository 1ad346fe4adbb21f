namespace JobPipeline.Workflows.Machine;

/// <summary>Specifies the status of a workflow instance.</summary>
public enum WorkflowStatus
{
    /// <summary>Steps are running, or waiting to run.</summary>
    Running,

    /// <summary>The workflow instance was cancelled. It waits for running steps, then compensates.</summary>
    Cancelling,

    /// <summary>Completed steps are being compensated.</summary>
    Compensating,

    /// <summary>Terminal: the workflow instance succeeded; every failure was handled.</summary>
    Completed,

    /// <summary>
    /// Terminal: a step failed and no other step handled the failure. Completed steps were compensated where possible.
    /// </summary>
    Failed,

    /// <summary>Terminal: the workflow instance was cancelled. Completed steps were compensated where possible.</summary>
    Cancelled,

    /// <summary>Terminal: the workflow instance was stopped at once.</summary>
    Terminated,
}

/// <summary>Specifies the status of a step.</summary>
public enum StepStatus
{
    /// <summary>Waiting for the steps that it needs.</summary>
    Pending,

    /// <summary>Evaluating the list of its fan-out.</summary>
    Expanding,

    /// <summary>Running, or waiting for an event, a delay or the next attempt.</summary>
    Running,

    Succeeded,

    Failed,

    /// <summary>Skipped, because its trigger rule was not met.</summary>
    Skipped,

    /// <summary>Not completed, because the workflow was cancelled or terminated.</summary>
    Cancelled,

    /// <summary>Succeeded; its compensation is running.</summary>
    Compensating,

    /// <summary>Succeeded and was compensated.</summary>
    Compensated,

    /// <summary>Succeeded, but its compensation failed.</summary>
    CompensationFailed,
}

internal static class WorkflowStatuses
{
    /// <summary>Whether the workflow instance has ended.</summary>
    public static bool IsTerminal(this WorkflowStatus status) => status >= WorkflowStatus.Completed;

    /// <summary>Whether the step has ended, so that other steps no longer wait for it.</summary>
    public static bool IsDone(this StepStatus status) => status is not (StepStatus.Pending or StepStatus.Expanding or StepStatus.Running);
}
