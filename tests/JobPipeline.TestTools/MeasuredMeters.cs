using System.Diagnostics.Metrics;

namespace JobPipeline.TestTools;

/// <summary>One measurement of an instrument.</summary>
internal sealed record MeasuredValue(string Instrument, double Value, IReadOnlyDictionary<string, object?> Tags)
{
    public string this[string attribute] => (string)Tags[attribute]!;
}

/// <summary>The meters of one test and their measurements, kept apart from the meters of the same name of other tests.</summary>
internal sealed class MeasuredMeters : IMeterFactory
{
    private readonly Lock _lock = new();
    private readonly List<MeasuredValue> _all = [];
    private readonly List<Meter> _meters = [];
    private readonly MeterListener _listener = new();

    public MeasuredMeters()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == this)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.Start();
    }

    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    /// <summary>Returns the current values of an observable instrument.</summary>
    public IReadOnlyList<MeasuredValue> Now(string instrument)
    {
        lock (_lock)
        {
            _all.RemoveAll(measured => measured.Instrument == instrument);
        }

        _listener.RecordObservableInstruments();
        return Of(instrument);
    }

    /// <summary>Returns the measurements of an instrument, in order.</summary>
    public IReadOnlyList<MeasuredValue> Of(string instrument)
    {
        lock (_lock)
        {
            return [.. _all.Where(measured => measured.Instrument == instrument)];
        }
    }

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var measured = new MeasuredValue(
            instrument.Name,
            value,
            tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value, StringComparer.Ordinal));
        lock (_lock)
        {
            _all.Add(measured);
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        _meters.ForEach(meter => meter.Dispose());
    }
}
