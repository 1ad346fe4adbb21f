using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using JobPipeline.Alerts.Rules;
using JobPipeline.Diagnostics;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Alerts.Evaluation;

/// <summary>
/// The measurements of this instance within the windows of the rules. It listens only to the instruments that rules name, and only to
/// this host's own: other hosts in the same process have meters with the same names.
/// </summary>
internal sealed class AlertMeasurements : IDisposable
{
    private readonly Dictionary<string, InstrumentTap> _instruments = new(StringComparer.Ordinal);
    private readonly (AlertRule Rule, MeasurementTap Measured, MeasurementTap? Whole)[] _rules;
    private readonly ConcurrentQueue<InstrumentTotals> _totals = new();
    private readonly MeterListener _listener = new();
    private readonly Meter _meter;
    private readonly DateTimeOffset _startedAt;
    private readonly ILogger<AlertMeasurements> _logger;

    public AlertMeasurements(AlertRules rules, JobMetrics metrics, TimeProvider time, ILogger<AlertMeasurements> logger)
    {
        (_meter, _logger, _startedAt) = (metrics.Meter, logger, time.GetUtcNow());
        _rules =
        [
            .. rules.All.Where(rule => rule.IsEnabled).Select(rule => (
                rule,
                Tap(rule.Metric, rule.Filter, rule),
                rule.Per is { } per ? Tap(per.Metric, per.Filter, rule) : null)),
        ];
        _listener.InstrumentPublished = OnPublished;
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, tap) => Record(tap, value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, tap) => Record(tap, value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, tap) => Record(tap, value, tags));
        _listener.Start();
        Begin();
    }

    /// <summary>Returns the current values of every enabled rule. Reads the gauges; call it regularly, and never concurrently.</summary>
    public IEnumerable<(AlertRule Rule, IReadOnlyList<RuleReading> Readings)> Read(DateTimeOffset now)
    {
        Ask();
        foreach (var (rule, measured, whole) in _rules)
            yield return (rule, RuleReadings.Of(rule, measured.Read(now), whole?.Read(now), now - _startedAt >= rule.Window));
    }

    public void Dispose() => _listener.Dispose();

    private static void Record(object? tap, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tap is InstrumentTap plain)
            plain.Record(value, tags);
        else
            ((InstrumentTotals)tap!).Record(value, tags);
    }

    /// <summary>Takes the current totals as the baseline of their growth.</summary>
    private void Begin()
    {
        var known = _totals.ToList();
        known.ForEach(totals => totals.IsBeginning = true);
        Ask();
        known.ForEach(totals => totals.IsBeginning = false);
    }

    private void Ask()
    {
        try
        {
            _listener.RecordObservableInstruments();
        }
        catch (Exception e)
        {
            // A failing instrument does not prevent the others from being read.
            AlertLog.GaugeFailed(_logger, e);
        }
    }

    private MeasurementTap Tap(string metric, IReadOnlyDictionary<string, IReadOnlyList<string>> filter, AlertRule rule)
    {
        if (!_instruments.TryGetValue(metric, out var instrument))
            _instruments[metric] = instrument = new InstrumentTap();
        var tap = new MeasurementTap(filter, rule.By, rule.Window);
        instrument.Add(tap);
        return tap;
    }

    private void OnPublished(Instrument instrument, MeterListener listener)
    {
        var name = instrument.Meter.Name == TelemetryNames.ResourceMeter ? TelemetryNames.OfResource(instrument.Name) : instrument.Name;
        if (!IsOfThisHost(instrument.Meter) || name is null || !_instruments.TryGetValue(name, out var tap))
            return;
        if (instrument is not (ObservableCounter<long> or ObservableCounter<int> or ObservableCounter<double>))
        {
            listener.EnableMeasurementEvents(instrument, tap);
            return;
        }

        var totals = new InstrumentTotals(tap);
        _totals.Enqueue(totals);
        listener.EnableMeasurementEvents(instrument, totals);
    }

    private bool IsOfThisHost(Meter meter) =>
        ReferenceEquals(meter, _meter)
        || (meter.Name is TelemetryNames.Meter or TelemetryNames.ResourceMeter
            && meter.Scope is not null
            && ReferenceEquals(meter.Scope, _meter.Scope));
}
