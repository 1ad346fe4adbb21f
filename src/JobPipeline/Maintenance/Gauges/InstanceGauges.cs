using System.Diagnostics.Metrics;
using JobPipeline.Configuration;
using JobPipeline.Diagnostics;
using JobPipeline.Execution;
using JobPipeline.Handlers;
using JobPipeline.Instances;
using JobPipeline.Limits.Circuits;
using JobPipeline.Limits.Governor;
using Microsoft.Extensions.Options;

namespace JobPipeline.Maintenance.Gauges;

/// <summary>The gauges of this instance: its jobs in flight, its circuits and its resource governor.</summary>
internal sealed class InstanceGauges
{
    private readonly InFlightJobs _inFlight;
    private readonly CircuitRegistry _circuits;
    private readonly ResourceGovernor _governor;
    private readonly JobRegistry _registry;
    private readonly JobMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly IReadOnlyCollection<string> _configured;

    public InstanceGauges(
        InFlightJobs inFlight,
        CircuitRegistry circuits,
        ResourceGovernor governor,
        JobRegistry registry,
        JobMetrics metrics,
        TimeProvider time,
        IOptions<JobPipelineOptions> options)
    {
        (_inFlight, _circuits, _governor, _registry, _metrics, _time) = (inFlight, circuits, governor, registry, metrics, time);
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
        metrics.Meter.CreateObservableGauge(
            "jobpipeline.governor.level",
            () => OfGovernor(status => (long?)status.Level),
            "{level}",
            "How many jobs memory lets this instance start: 0 as many as it has slots for, 1 fewer, 2 none");
        metrics.Meter.CreateObservableGauge(
            "jobpipeline.governor.target",
            () => OfGovernor(status => (long?)status.Target),
            "{message}",
            "The number of messages that this instance processes at most at a time");
        metrics.Meter.CreateObservableGauge(
            "jobpipeline.governor.closed_time",
            () => OfGovernor(_ => (double?)_governor.State.ClosedFor(_time.GetUtcNow()).TotalSeconds),
            "s",
            "For how long memory has let this instance start no jobs; 0 if it does");
    }

    /// <summary>Starts the series that alert rules use at 0.</summary>
    /// <param name="kind">The kind of host.</param>
    public void Begin(string kind)
    {
        _metrics.Begin(kind);
        foreach (var type in ExpectedTypes.Of([.. _registry.All], _configured))
            _metrics.Begin(type);
    }

    /// <summary>Nothing while the governor is off, or has no such value.</summary>
    private IEnumerable<Measurement<T>> OfGovernor<T>(Func<GovernorStatus, T?> value)
        where T : struct =>
        _governor.Describe() is { } status && value(status) is { } measured ? [new Measurement<T>(measured)] : [];

    private IEnumerable<Measurement<double>> OpenTimes()
    {
        var now = _time.GetUtcNow();
        return _circuits.All.Select(circuit => new Measurement<double>(
            circuit.OpenSince is { } since ? (now - since).TotalSeconds : 0,
            new KeyValuePair<string, object?>(AttributeNames.CircuitName, circuit.Name)));
    }
}
