using JobPipeline.Jobs;

namespace JobPipeline.Enqueueing;

/// <summary>The job of a step attempt.</summary>
/// <param name="Id">Its id, which is derived from the attempt.</param>
/// <param name="Request">The job.</param>
/// <param name="Step">The attempt.</param>
/// <param name="TraceParent">The W3C trace context of the workflow's start.</param>
internal sealed record StepJob(JobId Id, JobRequest Request, WorkflowOrigin Step, string? TraceParent);
