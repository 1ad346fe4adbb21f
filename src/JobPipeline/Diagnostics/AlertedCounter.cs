using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace JobPipeline.Diagnostics;

/// <summary>A counter used by an alert rule. Its series are read when metrics are collected.</summary>
/// <param name="scrape">Tracks the collections of metrics.</param>
/// <param name="tags">Returns the attributes of a series.</param>
/// <typeparam name="TKey">The key of a series.</typeparam>
internal sealed class AlertedCounter<TKey>(MetricScrape scrape, Func<TKey, KeyValuePair<string, object?>[]> tags)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, AlertedSeries> _series = new();

    /// <summary>Starts the series at 0, unless it exists.</summary>
    public void Begin(TKey key) => Of(key);

    public void Add(TKey key, long count = 1) => Of(key).Add(count);

    public IEnumerable<Measurement<long>> Read() => _series.Values.Select(series => series.Read());

    private AlertedSeries Of(TKey key) =>
        _series.GetOrAdd(key, static (key, made) => new AlertedSeries(made.scrape, made.tags(key)), (scrape, tags));
}
