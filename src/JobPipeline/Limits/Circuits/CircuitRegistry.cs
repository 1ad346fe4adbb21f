using JobPipeline.Configuration;
using JobPipeline.Diagnostics;
using JobPipeline.Handlers;
using JobPipeline.Instances;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobPipeline.Limits.Circuits;

/// <summary>
/// The circuits that job types use (<see cref="JobAttribute.Circuit"/>), on this instance. Each instance opens and closes its
/// circuits independently, based on its own attempts.
/// </summary>
internal sealed class CircuitRegistry
{
    private readonly JobRegistry _types;
    private readonly Dictionary<string, Circuit> _circuits;

    public CircuitRegistry(
        JobRegistry registry, IOptions<JobPipelineOptions> options, TimeProvider time, JobMetrics metrics, ILogger<CircuitRegistry> logger)
    {
        _types = registry;
        _circuits = registry.All.Select(type => type.Circuit).OfType<string>().Distinct(StringComparer.Ordinal).ToDictionary(
            name => name,
            name => new Circuit(name, options.Value.Circuits.GetValueOrDefault(name) ?? new CircuitOptions(), time, metrics, logger),
            StringComparer.Ordinal);
    }

    /// <summary>Every circuit that a registered type names, by name.</summary>
    public IReadOnlyList<CircuitStatus> All =>
        [.. _circuits.Values.Select(circuit => circuit.Status).OrderBy(status => status.Name, StringComparer.Ordinal)];

    /// <summary>Null for a circuit that no registered type names.</summary>
    internal Circuit? Find(string name) => _circuits.GetValueOrDefault(name);

    /// <summary>Whether a record's reason is that the circuit of this type is open.</summary>
    internal bool IsReasonOf(string type, string reason) => _types.Find(type)?.Circuit is { } name && Circuit.WhyOpen(name) == reason;
}
