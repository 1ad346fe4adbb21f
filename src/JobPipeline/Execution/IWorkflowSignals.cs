using JobPipeline.Jobs;

namespace JobPipeline.Execution;

/// <summary>Notifies a workflow of the end of a step's job. Idempotent.</summary>
internal interface IWorkflowSignals
{
    /// <param name="job">The job.</param>
    /// <param name="origin">The step attempt that it ran.</param>
    /// <param name="ended">Its final status.</param>
    /// <param name="isRepeated">Whether an earlier delivery may have notified the workflow, in full or in part.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    Task NotifyAsync(JobId job, WorkflowOrigin origin, JobStatus ended, bool isRepeated, CancellationToken cancellationToken);
}

/// <summary>For hosts whose workflows wait for the job themselves.</summary>
internal sealed class NoWorkflowSignals : IWorkflowSignals
{
    public Task NotifyAsync(
        JobId job, WorkflowOrigin origin, JobStatus ended, bool isRepeated, CancellationToken cancellationToken) => Task.CompletedTask;
}
