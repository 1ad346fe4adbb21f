using JobPipeline.Handlers;

namespace JobPipeline.Execution.Running;

/// <summary>
/// Starts a handler on a pool thread of its own, so that a handler that blocks its thread can still be timed out and abandoned. In
/// virtual time it starts inline, so that a test knows when it has started.
/// </summary>
/// <param name="isInline">True to start it on the calling thread.</param>
/// <param name="around">Wraps the run of the handler, for tests; null for no wrapper.</param>
internal sealed class HandlerThread(bool isInline = false, Func<JobExecution, Func<Task<JobOutcome?>>, Task<JobOutcome?>>? around = null)
{
    public Task<JobOutcome?> Start(JobExecution job, Func<Task<JobOutcome?>> handle) =>
        isInline ? Run(job, handle) : Task.Run(() => Run(job, handle));

    private Task<JobOutcome?> Run(JobExecution job, Func<Task<JobOutcome?>> handle) => around is null ? handle() : around(job, handle);
}
