namespace JobPipeline.Diagnostics;

/// <summary>
/// Tracks collections of metrics for a reader that computes increases from earlier values, such as Prometheus. A series used by an
/// alert rule reports 0 to such a reader the first time, whatever it has counted; otherwise the reader would miss the first increase.
/// The exporter collects outside the request's context, so another reader that collects at the same moment can't be distinguished
/// from it; that reader gets the count with its next collection.
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

    /// <summary>Returns the value that a series reports to the current reader: its count, or 0 the first time.</summary>
    /// <param name="count">The count of the series.</param>
    /// <param name="shown">1 if such a reader has seen the series; otherwise 0.</param>
    public long Show(long count, ref int shown) =>
        Volatile.Read(ref _running) > 0 && Interlocked.Exchange(ref shown, 1) == 0 ? 0 : count;
}
