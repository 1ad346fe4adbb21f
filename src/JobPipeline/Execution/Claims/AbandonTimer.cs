namespace JobPipeline.Execution.Claims;

/// <summary>Counts down from the moment a handler is told to stop; its task completes when patience is over.</summary>
internal sealed class AbandonTimer(TimeProvider time, TimeSpan patience) : TaskCompletionSource, IDisposable
{
    private ITimer? _timer;

    public void Start() =>
        _timer = time.CreateTimer(static state => ((AbandonTimer)state!).TrySetResult(), this, patience, Timeout.InfiniteTimeSpan);

    public void Dispose() => _timer?.Dispose();
}
