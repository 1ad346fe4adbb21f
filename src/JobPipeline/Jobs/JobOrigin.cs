namespace JobPipeline.Jobs;

/// <summary>What a job came from; at most one of them.</summary>
internal readonly record struct JobOrigin(JobId? Parent = null, JobId? ReplayOf = null, JobId? CallbackOf = null, WorkflowOrigin? Workflow = null)
{
    /// <summary>The W3C trace context that it goes on with where nothing of that trace is kept in this process.</summary>
    public string? TraceParent { get; init; }
}
