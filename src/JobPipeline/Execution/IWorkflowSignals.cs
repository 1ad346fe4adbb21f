using JobPipeline.Jobs;

namespace JobPipeline.Execution;

/// <summary>Notifies a workflow of the end of a step's job. Idempotent.</summary>
internal interface IWorkflowSignals
{
    Task NotifyAsync(JobId job, WorkflowOrigin origin, JobStatus ended, CancellationToken cancellationToken);
}

/// <summary>For hosts whose workflows wait for the job themselves.</summary>
internal sealed class NoWorkflowSignals : IWorkflowSignals
{
    public Task NotifyAsync(JobId job, WorkflowOrigin origin, JobStatus ended, CancellationToken cancellationToken) => Task.CompletedTask;
}
