namespace JobPipeline.Monitoring;

/// <summary>
/// Marks the collection of metrics for a reader that computes increases from what it has seen before, such as Prometheus. A
/// series that an alert rule names shows 0 to such a reader the first time, whatever it has counted: otherwise the reader
/// would not see the first increase.
/// </summary>
public static class MetricScrape
{
    private static readonly AsyncLocal<bool> Current = new();

    /// <summary>Runs the collection of metrics for such a reader.</summary>
    /// <param name="collect">Collects the metrics in the calling context.</param>
    public static async Task RunAsync(Func<Task> collect)
    {
        Current.Value = true;
        await collect();
    }

    /// <summary>Gets what a series shows to the reader at hand: its count, or 0 the first time.</summary>
    /// <param name="count">What the series has counted.</param>
    /// <param name="shown">1 once such a reader has seen the series, and 0 before.</param>
    public static long Show(long count, ref int shown) => Current.Value && Interlocked.Exchange(ref shown, 1) == 0 ? 0 : count;
}
