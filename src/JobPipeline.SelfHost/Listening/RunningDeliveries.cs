using System.Collections.Concurrent;
using JobPipeline.Limits.Governor;

namespace JobPipeline.SelfHost.Listening;

/// <summary>The messages being processed, up to a maximum number at a time, or fewer while memory is short.</summary>
internal sealed class RunningDeliveries : IDisposable
{
    private readonly ConcurrentDictionary<Task, bool> _tasks = new();
    private readonly SemaphoreSlim _slots;
    private readonly ResourceGovernor _governor;

    public RunningDeliveries(int capacity, ResourceGovernor governor)
    {
        (Capacity, _slots, _governor) = (capacity, new SemaphoreSlim(capacity, capacity), governor);
        governor.LimitTo(capacity);
    }

    public int Capacity { get; }

    public int Count => _tasks.Count;

    /// <summary>
    /// Waits for a slot, takes the next message and starts to process it; <paramref name="work"/> must not throw. A message that arrives
    /// when memory has become short stays in the backlog.
    /// </summary>
    public async Task StartNextAsync(Func<HeldDelivery, Task> work, Backlog backlog, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            HeldDelivery? held;
            do
            {
                await _governor.WaitForRoomAsync(cancellationToken);
                held = await backlog.TakeAsync(_governor.TryStart, cancellationToken);
            }
            while (held is null);
            Start(work, held);
        }
        catch
        {
            // Releases the slot, so that a restarted listener has all of them.
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

    /// <summary>Waits until all messages are processed. Returns false if some are still running after <paramref name="timeout"/>.</summary>
    public async Task<bool> WaitForAllAsync(TimeSpan timeout, TimeProvider time)
    {
        try
        {
            await Task.WhenAll(_tasks.Keys).WaitAsync(timeout, time);
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
        _governor.End();
        _slots.Release();
    }
}
