using Hangfire;
using Hangfire.InMemory;

namespace JobPipeline.Benchmarks.Measures;

/// <summary>
/// Hangfire with one worker on its in-memory storage: fetch, run, record. The first job waits until the server has started and
/// then starts the clock; the last job stops it.
/// </summary>
internal static class HangfirePeer
{
    private const int Jobs = 1_000;

    private static readonly SemaphoreSlim Begin = new(0);
    private static TaskCompletionSource _first = new();
    private static TaskCompletionSource _last = new();

    public static async Task<JobCost> RunRoundAsync(CancellationToken cancellationToken)
    {
        _first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _last = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var storage = new InMemoryStorage();
        var client = new BackgroundJobClient(storage);
        for (var number = 0; number <= Jobs; number++)
            client.Enqueue(() => Run($"order-{number}", number));
        using var server = new BackgroundJobServer(new BackgroundJobServerOptions { WorkerCount = 1 }, storage);
        await _first.Task.WaitAsync(cancellationToken);
        return await JobCost.OfAsync(Jobs, () =>
        {
            Begin.Release();
            return _last.Task.WaitAsync(cancellationToken);
        });
    }

    /// <summary>The job. Hangfire requires a public method.</summary>
    public static void Run(string order, int lines)
    {
        if (lines == 0)
        {
            _first.SetResult();
            Begin.Wait();
        }
        else if (lines == Jobs)
        {
            _last.SetResult();
        }
    }
}
