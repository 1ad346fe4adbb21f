namespace JobPipeline.Maintenance.Gauges;

/// <summary>
/// The last measurement, as long as it tells of the present: in Functions another instance may have taken the timer over, and
/// two must not tell different things.
/// </summary>
internal sealed class Fresh<T>(TimeProvider time, TimeSpan goodFor)
    where T : class
{
    private volatile Measurement? _last;

    /// <summary>Null: there is none that is good.</summary>
    public T? Value => _last is { } last && last.At + goodFor > time.GetUtcNow() ? last.Value : null;

    public void Set(T value) => _last = new Measurement(value, time.GetUtcNow());

    private sealed record Measurement(T Value, DateTimeOffset At);
}
