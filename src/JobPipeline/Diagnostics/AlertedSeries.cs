using System.Diagnostics.Metrics;

namespace JobPipeline.Diagnostics;

/// <summary>One series of a counter used by an alert rule.</summary>
internal sealed class AlertedSeries(MetricScrape scrape, params KeyValuePair<string, object?>[] tags)
{
    private long _count;
    private int _shown;

    public long Count => Interlocked.Read(ref _count);

    public void Add(long count = 1) => Interlocked.Add(ref _count, count);

    /// <summary>Returns the count, or 0 for the first scrape.</summary>
    public Measurement<long> Read() => new(scrape.Show(Count, ref _shown), tags);
}
