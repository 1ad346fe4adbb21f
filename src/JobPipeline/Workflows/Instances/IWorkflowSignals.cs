using JobPipeline.Jobs;

namespace JobPipeline.Workflows.Instances;

/// <summary>Notifies a workflow of the result of the job of one of its steps. Idempotent.</summary>
internal interface IWorkflowSignals
{
    Task TellAsync(JobId job, WorkflowOrigin origin, JobStatus ended, CancellationToken cancellationToken);
}

/// <summary>Sends no notifications, for hosts whose workflows await the job themselves.</summary>
internal sealed class NoWorkflowSignals : IWorkflowSignals
{
    public Task TellAsync(JobId job, WorkflowOrigin origin, JobStatus ended, CancellationToken cancellationToken) => Task.CompletedTask;
}
