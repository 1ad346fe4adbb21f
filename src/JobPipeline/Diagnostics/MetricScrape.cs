namespace JobPipeline.Diagnostics;

/// <summary>
/// Tells the counters of this host when metrics are collected for a reader that computes increases from what it has seen
/// before, such as Prometheus. A series that an alert rule names shows 0 to such a reader the first time, whatever it has
/// counted: otherwise the reader would not see the first increase. The exporter collects outside of the request's context, so
/// another reader that collects in the same moment is taken for it: that one sees the count with its next collection.
/// </summary>
public sealed class MetricScrape
{
    private int _running;

    /// <summary>Runs a collection of metrics for such a reader.</summary>
    /// <param name="collect">Collects the metrics.</param>
    public async Task RunAsync(Func<Task> collect)
    {
        Interlocked.Increment(ref _running);
        try
        {
            await collect();
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    /// <summary>Gets what a series shows to the reader at hand: its count, or 0 the first time.</summary>
    /// <param name="count">What the series has counted.</param>
    /// <param name="shown">1 once such a reader has seen the series, and 0 before.</param>
    public long Show(long count, ref int shown) => Volatile.Read(ref _running) > 0 && Interlocked.Exchange(ref shown, 1) == 0 ? 0 : count;
}
