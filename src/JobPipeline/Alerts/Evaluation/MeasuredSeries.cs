namespace JobPipeline.Alerts.Evaluation;

/// <summary>What was measured in some time.</summary>
/// <param name="Sum">Of all values.</param>
/// <param name="Count">How many there were.</param>
/// <param name="Max">The largest.</param>
internal readonly record struct Measured(double Sum, long Count, double Max)
{
    public static readonly Measured Nothing = new(0, 0, double.NegativeInfinity);

    public Measured And(Measured other) => new(Sum + other.Sum, Count + other.Count, Math.Max(Max, other.Max));
}

/// <summary>The measurements of one window, in buckets of ten seconds: what is older than the window is forgotten.</summary>
internal sealed class MeasuredSeries(TimeSpan window)
{
    public static readonly TimeSpan Bucket = TimeSpan.FromSeconds(10);

    private readonly long _length = (window.Ticks + Bucket.Ticks - 1) / Bucket.Ticks;
    private readonly Queue<(long Index, Measured Measured)> _buckets = new();
    private (long Index, Measured Measured)? _newest;

    /// <summary>Not to be called with a time before that of the last call: what comes late counts as of then.</summary>
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

    /// <summary>All that was measured within the window, give or take a bucket.</summary>
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
