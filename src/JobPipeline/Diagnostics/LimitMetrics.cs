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

    public LimitMetrics(IMeterFactory? meters)
    {
        var meter = meters?.Create(TelemetryNames.Meter) ?? new Meter(TelemetryNames.Meter);
        _parked = meter.CreateCounter<long>("jobpipeline.limits.parked", "{job}", "Jobs that a limit made wait.");
        _released = meter.CreateCounter<long>("jobpipeline.limits.released", "{job}", "Jobs that a limit let start after a wait.");
        _permits = meter.CreateCounter<long>("jobpipeline.limits.permits", "{permit}", "Permits that a limit gave to calls of handlers.");
        _conflicts = meter.CreateCounter<long>(
            "jobpipeline.limits.conflicts", "{write}", "Writes to a gate that another instance was faster with.");
        _wait = meter.CreateHistogram<double>("jobpipeline.limits.wait", "s", "How long jobs waited at a limit.");
    }

    public void Parked(string limit, int count)
    {
        var tag = new KeyValuePair<string, object?>(LimitTag, limit);
        _parked.Add(count, tag);
        // So that a limit that lets none start has a series too, and an alert compares both.
        _released.Add(0, tag);
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
}
