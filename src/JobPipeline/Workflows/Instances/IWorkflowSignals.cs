using JobPipeline.Jobs;

namespace JobPipeline.Workflows.Instances;

/// <summary>Tells a workflow how the job of one of its steps ended. Telling twice is telling once.</summary>
internal interface IWorkflowSignals
{
    Task TellAsync(JobId job, WorkflowOrigin origin, JobStatus ended, CancellationToken cancellationToken);
}

/// <summary>For hosts whose workflows wait for the job themselves.</summary>
internal sealed class NoWorkflowSignals : IWorkflowSignals
{
    public Task TellAsync(JobId job, WorkflowOrigin origin, JobStatus ended, CancellationToken cancellationToken) => Task.CompletedTask;
}
