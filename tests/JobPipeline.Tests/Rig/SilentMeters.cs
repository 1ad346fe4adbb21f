using System.Diagnostics.Metrics;

namespace JobPipeline.Tests.Rig;

/// <summary>A factory of meters that nobody listens to. They end with it; without a factory, a meter is kept as long as the
/// process.</summary>
internal sealed class SilentMeters : IMeterFactory
{
    private readonly List<Meter> _meters = [];

    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    public void Dispose() => _meters.ForEach(meter => meter.Dispose());
}
