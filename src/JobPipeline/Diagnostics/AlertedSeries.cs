using System.Diagnostics.Metrics;

namespace JobPipeline.Diagnostics;

/// <summary>One series of a counter that an alert rule names.</summary>
internal sealed class AlertedSeries(MetricScrape scrape, params KeyValuePair<string, object?>[] tags)
{
    private long _count;
    private int _shown;

    public long Count => Interlocked.Read(ref _count);

    public void Add(long count = 1) => Interlocked.Add(ref _count, count);

    /// <summary>Reads the count; for the first scrape, 0.</summary>
    public Measurement<long> Read() => new(scrape.Show(Count, ref _shown), tags);
}
