namespace JobPipeline.Alerts.Evaluation;

/// <summary>An aggregate of measurements.</summary>
/// <param name="Sum">The sum of the values.</param>
/// <param name="Count">The number of values.</param>
/// <param name="Max">The largest value.</param>
internal readonly record struct Measured(double Sum, long Count, double Max)
{
    public static readonly Measured Nothing = new(0, 0, double.NegativeInfinity);

    public Measured And(Measured other) => new(Sum + other.Sum, Count + other.Count, Math.Max(Max, other.Max));
}

/// <summary>The measurements of one window, in buckets of ten seconds; buckets older than the window are dropped.</summary>
internal sealed class MeasuredSeries(TimeSpan window)
{
    public static readonly TimeSpan Bucket = TimeSpan.FromSeconds(10);

    private readonly long _length = (window.Ticks + Bucket.Ticks - 1) / Bucket.Ticks;
    private readonly Queue<(long Index, Measured Measured)> _buckets = new();
    private (long Index, Measured Measured)? _newest;

    /// <summary>Adds measurements. Times must not decrease; a late measurement counts for the newest bucket.</summary>
    public void Add(Measured measured, DateTimeOffset at)
    {
        if (measured.Count == 0)
            return;
        var index = IndexOf(at);
        if (_newest is { } newest && newest.Index >= index)
        {
            _newest = (newest.Index, newest.Measured.And(measured));
            return;
        }

        if (_newest is { } full)
            _buckets.Enqueue(full);
        _newest = (index, measured);
    }

    /// <summary>Returns the aggregate of the window, to the precision of one bucket.</summary>
    public Measured Within(DateTimeOffset now)
    {
        var first = IndexOf(now) - _length + 1;
        while (_buckets.TryPeek(out var oldest) && oldest.Index < first)
            _buckets.Dequeue();
        if (_newest?.Index < first)
            _newest = null;
        return _buckets.Aggregate(_newest?.Measured ?? Measured.Nothing, (sum, bucket) => sum.And(bucket.Measured));
    }

    private static long IndexOf(DateTimeOffset at) => at.UtcTicks / Bucket.Ticks;
}
