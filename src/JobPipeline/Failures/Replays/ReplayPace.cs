namespace JobPipeline.Failures.Replays;

/// <summary>Lets one caller through at a time, evenly spaced, without a burst after an idle period.</summary>
internal sealed class ReplayPace(TimeProvider time, int perSecond)
{
    private readonly Lock _lock = new();
    private readonly TimeSpan _interval = TimeSpan.FromSeconds(1) / perSecond;
    private DateTimeOffset _next = DateTimeOffset.MinValue;

    public Task WaitAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        TimeSpan wait;
        lock (_lock)
        {
            var slot = _next > now ? _next : now;
            _next = slot + _interval;
            wait = slot - now;
        }

        return wait > TimeSpan.Zero ? Task.Delay(wait, time, cancellationToken) : Task.CompletedTask;
    }
}
