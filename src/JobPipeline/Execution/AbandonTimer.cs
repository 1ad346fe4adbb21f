namespace JobPipeline.Execution;

/// <summary>Counts down from the moment a handler is told to stop.</summary>
internal sealed class AbandonTimer(TimeProvider time, TimeSpan patience, TaskCompletionSource abandoned) : IAsyncDisposable
{
    private ITimer? _timer;

    public void Start() =>
        _timer = time.CreateTimer(static state => ((TaskCompletionSource)state!).TrySetResult(), abandoned, patience, Timeout.InfiniteTimeSpan);

    public ValueTask DisposeAsync() => _timer?.DisposeAsync() ?? ValueTask.CompletedTask;
}
