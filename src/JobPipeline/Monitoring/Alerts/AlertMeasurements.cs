using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Monitoring.Alerts;

/// <summary>
/// What this process measured within the windows of the rules. It listens to the instruments that rules name and to no
/// other, and to this host's own: other hosts in the same process have meters of the same names.
/// </summary>
internal sealed class AlertMeasurements : IDisposable
{
    private const string ResourceMeter = "Microsoft.Extensions.Diagnostics.ResourceMonitoring";

    private readonly Dictionary<string, InstrumentTap> _instruments = new(StringComparer.Ordinal);
    private readonly (AlertRule Rule, MeasurementTap Measured, MeasurementTap? Whole)[] _rules;
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
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, tap) => ((InstrumentTap)tap!).Record(value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, tap) => ((InstrumentTap)tap!).Record(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, tap) => ((InstrumentTap)tap!).Record(value, tags));
        _listener.Start();
    }

    /// <summary>The values of every enabled rule now. Gauges are asked; call it again and again, and by one caller at a time.</summary>
    public IEnumerable<(AlertRule Rule, IReadOnlyList<RuleReading> Readings)> Read(DateTimeOffset now)
    {
        try
        {
            _listener.RecordObservableInstruments();
        }
        catch (Exception e)
        {
            // One gauge that fails keeps none of the others from being read.
            AlertLog.GaugeFailed(_logger, e);
        }

        foreach (var (rule, measured, whole) in _rules)
            yield return (rule, RuleReadings.Of(rule, measured.Read(now), whole?.Read(now), now - _startedAt >= rule.Window));
    }

    public void Dispose() => _listener.Dispose();

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
        if (!IsOfThisHost(instrument.Meter) || !_instruments.TryGetValue(instrument.Name, out var tap))
            return;
        // It tells totals, not increases; the pipeline has none of that kind.
        if (instrument.GetType().Name.StartsWith("ObservableCounter", StringComparison.Ordinal))
            AlertLog.NotMeasurable(_logger, instrument.Name);
        else
            listener.EnableMeasurementEvents(instrument, tap);
    }

    private bool IsOfThisHost(Meter meter) =>
        ReferenceEquals(meter, _meter)
        || (meter.Name is TelemetryNames.Meter or ResourceMeter && meter.Scope is not null && ReferenceEquals(meter.Scope, _meter.Scope));
}
