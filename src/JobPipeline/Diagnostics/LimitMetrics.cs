using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace JobPipeline.Diagnostics;

/// <summary>The metrics of limits, by name of the limit, never by key: keys come from producers.</summary>
internal sealed class LimitMetrics
{
    private const string LimitTag = "jobpipeline.limit";

    private readonly Counter<long> _parked;
    private readonly Counter<long> _released;
    private readonly Counter<long> _permits;
    private readonly Counter<long> _conflicts;
    private readonly Histogram<double> _wait;

    /// <summary>By gate, for those whose jobs wait as far as this instance knows.</summary>
    private readonly ConcurrentDictionary<string, (string Limit, DateTimeOffset Since)> _oldest = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;

    public LimitMetrics(IMeterFactory? meters, TimeProvider time)
    {
        _time = time;
        var meter = meters?.Create(TelemetryNames.Meter) ?? new Meter(TelemetryNames.Meter);
        _parked = meter.CreateCounter<long>("jobpipeline.limits.parked", "{job}", "Jobs that a limit made wait.");
        _released = meter.CreateCounter<long>("jobpipeline.limits.released", "{job}", "Jobs that a limit let start after a wait.");
        _permits = meter.CreateCounter<long>("jobpipeline.limits.permits", "{permit}", "Permits that a limit gave to calls of handlers.");
        _conflicts = meter.CreateCounter<long>(
            "jobpipeline.limits.conflicts", "{write}", "Writes to a gate that another instance was faster with.");
        _wait = meter.CreateHistogram<double>("jobpipeline.limits.wait", "s", "How long jobs waited at a limit.");
        meter.CreateObservableGauge(
            "jobpipeline.limits.oldest_wait", OldestWaits, "s", "How long the job has waited that waits longest at a limit.");
    }

    public void Parked(string limit, int count) => _parked.Add(count, new KeyValuePair<string, object?>(LimitTag, limit));

    /// <summary>Keeps since when the job has waited that waits longest at a gate; null if none waits.</summary>
    /// <param name="limit">The limit.</param>
    /// <param name="gate">The gate, which has no series of its own.</param>
    /// <param name="since">Since when.</param>
    public void Waits(string limit, string gate, DateTimeOffset? since)
    {
        if (since is { } at)
            _oldest[gate] = (limit, at);
        else
            _oldest.TryRemove(gate, out _);
    }

    public void Released(string limit, IReadOnlyList<TimeSpan> waits)
    {
        if (waits.Count == 0)
            return;
        var tag = new KeyValuePair<string, object?>(LimitTag, limit);
        _released.Add(waits.Count, tag);
        foreach (var wait in waits)
            _wait.Record(wait.TotalSeconds, tag);
    }

    public void Permitted(string limit) => _permits.Add(1, new KeyValuePair<string, object?>(LimitTag, limit));

    public void Conflict(string limit) => _conflicts.Add(1, new KeyValuePair<string, object?>(LimitTag, limit));

    private IEnumerable<Measurement<double>> OldestWaits() => _oldest.Values
        .GroupBy(wait => wait.Limit, wait => wait.Since, StringComparer.Ordinal)
        .Select(limit => new Measurement<double>(
            (_time.GetUtcNow() - limit.Min()).TotalSeconds, new KeyValuePair<string, object?>(LimitTag, limit.Key)));
}
