namespace JobPipeline.Benchmarks.Jobs;

/// <summary>Measures the time from enqueuing a job to the start of its handler.</summary>
internal sealed class StartClock
{
    private long _started;
    private TaskCompletionSource<TimeSpan> _elapsed = new();

    /// <summary>Completes when the handler has started.</summary>
    public Task<TimeSpan> Elapsed => _elapsed.Task;

    public void Start()
    {
        _elapsed = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
        _started = TimeProvider.System.GetTimestamp();
    }

    public void Stop() => _elapsed.TrySetResult(TimeProvider.System.GetElapsedTime(_started));
}
