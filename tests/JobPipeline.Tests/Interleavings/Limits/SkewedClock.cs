namespace JobPipeline.Tests.Interleavings.Limits;

/// <summary>The clock of one instance: it goes before or after the true one, and stops with its process.</summary>
internal sealed class SkewedClock(TimeProvider time, TimeSpan skew) : TimeProvider
{
    public bool IsStopped { get; set; }

    public override long TimestampFrequency => time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow() + skew;

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => time.CreateTimer(
        given =>
        {
            if (!IsStopped)
                callback(given);
        },
        state,
        dueTime,
        period);
}
