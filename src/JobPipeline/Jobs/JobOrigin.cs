using JobPipeline.Workflows.Running;

namespace JobPipeline.Jobs;

/// <summary>What a job came from; at most one of them.</summary>
internal readonly record struct JobOrigin(JobId? Parent = null, JobId? ReplayOf = null, JobId? CallbackOf = null, WorkflowOrigin? Workflow = null);
