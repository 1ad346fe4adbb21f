using JobPipeline.Handlers;

namespace JobPipeline.Execution;

/// <summary>
/// Where a handler starts: on a pool thread of its own, so that one that blocks its thread can still be timed out and
/// abandoned. In virtual time it starts inline, so that a test knows when it has.
/// </summary>
internal class HandlerThread(bool isInline = false)
{
    public virtual Task<JobOutcome?> Start(JobExecution job, Func<Task<JobOutcome?>> handle) => isInline ? handle() : Task.Run(handle);
}
