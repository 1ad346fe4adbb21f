using System.Diagnostics.Metrics;
using JobPipeline.Configuration;
using JobPipeline.Diagnostics;
using JobPipeline.Execution;
using JobPipeline.Handlers;
using JobPipeline.Limits.Circuits;
using Microsoft.Extensions.Options;

namespace JobPipeline.Maintenance.Gauges;

/// <summary>The gauges of this instance: its jobs in flight and its circuits.</summary>
internal sealed class InstanceGauges
{
    private readonly InFlightJobs _inFlight;
    private readonly CircuitRegistry _circuits;
    private readonly JobRegistry _registry;
    private readonly JobMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly IReadOnlyCollection<string> _configured;

    public InstanceGauges(
        InFlightJobs inFlight,
        CircuitRegistry circuits,
        JobRegistry registry,
        JobMetrics metrics,
        TimeProvider time,
        IOptions<JobPipelineOptions> options)
    {
        (_inFlight, _circuits, _registry, _metrics, _time) = (inFlight, circuits, registry, metrics, time);
        _configured = options.Value.Jobs.Keys;
        metrics.Meter.CreateObservableGauge(
            "jobpipeline.jobs.in_flight",
            () => (long)_inFlight.Count,
            "{job}",
            "Jobs that this instance has claimed and not settled");
        metrics.Meter.CreateObservableGauge(
            "jobpipeline.circuit.open_time",
            OpenTimes,
            "s",
            "For how long a circuit of this instance has not been closed; 0 if it is closed");
    }

    /// <summary>Starts the series that alert rules use at 0.</summary>
    /// <param name="kind">The kind of host.</param>
    public void Begin(string kind)
    {
        _metrics.Begin(kind);
        foreach (var type in ExpectedTypes.Of([.. _registry.All], _configured))
            _metrics.Begin(type);
    }

    private IEnumerable<Measurement<double>> OpenTimes()
    {
        var now = _time.GetUtcNow();
        return _circuits.All.Select(circuit => new Measurement<double>(
            circuit.OpenSince is { } since ? (now - since).TotalSeconds : 0,
            new KeyValuePair<string, object?>(AttributeNames.CircuitName, circuit.Name)));
    }
}
