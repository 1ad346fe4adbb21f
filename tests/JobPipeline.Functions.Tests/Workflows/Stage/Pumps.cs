namespace JobPipeline.Functions.Tests.Workflows.Stage;

/// <summary>
/// Cooperating message pumps: an idle pump waits for work that the others may produce, and all stop when none finds any.
/// </summary>
internal sealed class Pumps(int count, Func<Task<bool>> runNext)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _news = NewSource();
    private int _version;
    private int _idle;

    public Task RunAsync() => Task.WhenAll(Enumerable.Range(0, count).Select(_ => Task.Run(PumpAsync)));

    private async Task PumpAsync()
    {
        while (true)
        {
            var seen = Volatile.Read(ref _version);
            if (await runNext())
            {
                Notify();
                continue;
            }

            if (!await WaitForNewsAsync(seen))
                return;
        }
    }

    private void Notify()
    {
        lock (_lock)
        {
            _version++;
            _idle = 0;
            _news.TrySetResult();
            _news = NewSource();
        }
    }

    /// <summary>Returns false when no pump will produce more work.</summary>
    private async Task<bool> WaitForNewsAsync(int seen)
    {
        Task news;
        lock (_lock)
        {
            if (seen != _version)
                return true;
            if (++_idle == count)
            {
                // The other pumps check once more and stop, too.
                _idle = count - 1;
                _news.TrySetResult();
                return false;
            }

            news = _news.Task;
        }

        await news;
        return true;
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
