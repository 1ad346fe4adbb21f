namespace JobPipeline.Jobs;

/// <summary>The origin of a job; at most one of the parameters is set.</summary>
internal readonly record struct JobOrigin(
    JobId? Parent = null, JobId? ReplayOf = null, JobId? CallbackOf = null, WorkflowOrigin? Workflow = null)
{
    /// <summary>The W3C trace context to continue when this process has no current activity of that trace.</summary>
    public string? TraceParent { get; init; }
}
