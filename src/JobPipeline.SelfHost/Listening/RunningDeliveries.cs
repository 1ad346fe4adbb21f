using System.Collections.Concurrent;

namespace JobPipeline.SelfHost.Listening;

/// <summary>The messages that are being worked on, at most so many at a time.</summary>
internal sealed class RunningDeliveries(int capacity) : IDisposable
{
    private readonly ConcurrentDictionary<Task, bool> _tasks = new();
    private readonly SemaphoreSlim _slots = new(capacity, capacity);

    public int Capacity { get; } = capacity;

    public int Count => _tasks.Count;

    /// <summary>Waits for a slot, takes what is next and starts work on it; <paramref name="work"/> must not throw.</summary>
    public async Task StartNextAsync(Func<HeldDelivery, Task> work, Func<CancellationToken, Task<HeldDelivery>> take, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            Start(work, await take(cancellationToken));
        }
        catch
        {
            // A listener that is started again finds all its slots.
            _slots.Release();
            throw;
        }
    }

    private void Start(Func<HeldDelivery, Task> work, HeldDelivery held)
    {
        var task = Task.Run(() => work(held));
        _tasks[task] = true;
        _ = task.ContinueWith(Ended, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>False: some are still running after so long.</summary>
    public async Task<bool> WaitForAllAsync(TimeSpan patience, TimeProvider time)
    {
        try
        {
            await Task.WhenAll(_tasks.Keys).WaitAsync(patience, time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    public void Dispose() => _slots.Dispose();

    private void Ended(Task task)
    {
        _tasks.TryRemove(task, out _);
        _slots.Release();
    }
}
