namespace JobPipeline.Benchmarks.Contest;

/// <summary>
/// Counts the handlers and activities that ran, so that a wait for the end of a workflow reads the storage only at its end.
/// </summary>
internal sealed class HandledWork
{
    private readonly Lock _lock = new();
    private (int Count, TaskCompletionSource Reached)? _target;

    public int Count { get; private set; }

    public void Add()
    {
        lock (_lock)
        {
            Count++;
            if (_target is { } target && Count >= target.Count)
                target.Reached.TrySetResult();
        }
    }

    /// <summary>Completes when this many more have run.</summary>
    public Task WhenMoreAsync(int count)
    {
        lock (_lock)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _target = (Count + count, reached);
            return reached.Task;
        }
    }
}
