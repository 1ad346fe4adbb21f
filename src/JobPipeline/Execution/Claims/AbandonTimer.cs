namespace JobPipeline.Execution.Claims;

/// <summary>The time that a handler has to stop after its cancellation; the task completes when it is over.</summary>
internal sealed class AbandonTimer(TimeProvider time, TimeSpan limit) : TaskCompletionSource, IDisposable
{
    private ITimer? _timer;

    public void Start() =>
        _timer = time.CreateTimer(static state => ((AbandonTimer)state!).TrySetResult(), this, limit, Timeout.InfiniteTimeSpan);

    public void Dispose() => _timer?.Dispose();
}
