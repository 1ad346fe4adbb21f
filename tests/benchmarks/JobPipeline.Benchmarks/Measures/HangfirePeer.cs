using Hangfire;
using Hangfire.InMemory;

namespace JobPipeline.Benchmarks.Measures;

/// <summary>
/// Hangfire with one worker on its in-memory storage: fetch, run, record. The first job waits until the server has come up
/// and the clock runs; the last one stops it.
/// </summary>
internal static class HangfirePeer
{
    private const int Jobs = 1_000;

    private static readonly SemaphoreSlim Begin = new(0);
    private static TaskCompletionSource s_first = new();
    private static TaskCompletionSource s_last = new();

    public static async Task<JobCost> RunRoundAsync(CancellationToken cancellationToken)
    {
        s_first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        s_last = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var storage = new InMemoryStorage();
        var client = new BackgroundJobClient(storage);
        for (var number = 0; number <= Jobs; number++)
            client.Enqueue(() => Run($"order-{number}", number));
        using var server = new BackgroundJobServer(new BackgroundJobServerOptions { WorkerCount = 1 }, storage);
        await s_first.Task.WaitAsync(cancellationToken);
        return await JobCost.OfAsync(Jobs, () =>
        {
            Begin.Release();
            return s_last.Task.WaitAsync(cancellationToken);
        });
    }

    /// <summary>The job. Hangfire asks for a public method.</summary>
    public static void Run(string order, int lines)
    {
        if (lines == 0)
        {
            s_first.SetResult();
            Begin.Wait();
        }
        else if (lines == Jobs)
        {
            s_last.SetResult();
        }
    }
}
