namespace JobPipeline.Maintenance.Gauges;

/// <summary>
/// The last measurement, as long as it is recent enough: on Functions another instance may have taken over the timer, and two
/// instances must not report different values.
/// </summary>
internal sealed class LatestMeasurement<T>(TimeProvider time, TimeSpan maxAge)
    where T : class
{
    private volatile Measurement? _last;

    /// <summary>The value; null if there is none that is recent enough.</summary>
    public T? Value => _last is { } last && last.At + maxAge > time.GetUtcNow() ? last.Value : null;

    public void Set(T value) => _last = new Measurement(value, time.GetUtcNow());

    private sealed record Measurement(T Value, DateTimeOffset At);
}
