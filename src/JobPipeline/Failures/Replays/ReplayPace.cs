namespace JobPipeline.Failures.Replays;

/// <summary>Lets through one caller at a time, evenly spaced; after an idle time no more at once than ever.</summary>
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
            var turn = _next > now ? _next : now;
            _next = turn + _interval;
            wait = turn - now;
        }

        return wait > TimeSpan.Zero ? Task.Delay(wait, time, cancellationToken) : Task.CompletedTask;
    }
}
