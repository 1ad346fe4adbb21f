using JobPipeline.Handlers;

namespace JobPipeline.Execution.Running;

/// <summary>
/// Where a handler starts: on a pool thread of its own, so that one that blocks its thread can still be timed out and
/// abandoned. In virtual time it starts inline, so that a test knows when it has.
/// </summary>
/// <param name="isInline">True to start it on the calling thread.</param>
/// <param name="around">Runs the handler within something of a test's; null: nothing.</param>
internal sealed class HandlerThread(bool isInline = false, Func<JobExecution, Func<Task<JobOutcome?>>, Task<JobOutcome?>>? around = null)
{
    public Task<JobOutcome?> Start(JobExecution job, Func<Task<JobOutcome?>> handle) =>
        isInline ? Run(job, handle) : Task.Run(() => Run(job, handle));

    private Task<JobOutcome?> Run(JobExecution job, Func<Task<JobOutcome?>> handle) => around is null ? handle() : around(job, handle);
}
