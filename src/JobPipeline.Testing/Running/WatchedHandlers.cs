using JobPipeline.Execution;
using JobPipeline.Handlers;

namespace JobPipeline.Testing.Running;

/// <summary>Registers handlers with their delivery while they run.</summary>
internal static class WatchedHandlers
{
    public static Task<JobOutcome?> RunAsync(JobExecution job, Func<Task<JobOutcome?>> handle) => Flow.Current is { Run: var run }
        ? RunAsync(run, new HandlerRun(job.Id, job.Spec.Type, job.Claim!.Row.Number), handle)
        : handle();

    private static async Task<JobOutcome?> RunAsync(DeliveryRun run, HandlerRun handler, Func<Task<JobOutcome?>> handle)
    {
        run.Begin(handler);
        Flow.Enter(new Flow(run, handler));
        try
        {
            return await handle().ConfigureAwait(false);
        }
        finally
        {
            run.End(handler);
        }
    }
}
