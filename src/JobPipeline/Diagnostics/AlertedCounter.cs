using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace JobPipeline.Diagnostics;

/// <summary>A counter that an alert rule names. Its series are read when somebody collects.</summary>
/// <param name="scrape">Tells who collects.</param>
/// <param name="tags">Gets the attributes of a series.</param>
/// <typeparam name="TKey">What tells the series apart.</typeparam>
internal sealed class AlertedCounter<TKey>(MetricScrape scrape, Func<TKey, KeyValuePair<string, object?>[]> tags)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, AlertedSeries> _series = new();

    /// <summary>Begins the series at 0, unless it has begun.</summary>
    public void Begin(TKey key) => Of(key);

    public void Add(TKey key, long count = 1) => Of(key).Add(count);

    public IEnumerable<Measurement<long>> Read() => _series.Values.Select(series => series.Read());

    private AlertedSeries Of(TKey key) =>
        _series.GetOrAdd(key, static (key, made) => new AlertedSeries(made.scrape, made.tags(key)), (scrape, tags));
}
