using JobPipeline.Configuration;
using JobPipeline.Diagnostics;
using JobPipeline.Execution;
using JobPipeline.Execution.Verdicts;
using JobPipeline.Handlers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobPipeline.Limits.Circuits;

/// <summary>
/// The circuits that job types name (<see cref="JobAttribute.Circuit"/>), as this instance sees them: each instance opens
/// and closes its own by what it went through itself.
/// </summary>
public sealed class CircuitRegistry
{
    private readonly Dictionary<string, Circuit> _circuits;

    internal CircuitRegistry(JobRegistry registry, IOptions<JobPipelineOptions> options, TimeProvider time, JobMetrics metrics, ILogger<CircuitRegistry> logger) =>
        _circuits = registry.All.Select(type => type.Circuit).OfType<string>().Distinct(StringComparer.Ordinal).ToDictionary(
            name => name,
            name => new Circuit(name, options.Value.Circuits.GetValueOrDefault(name) ?? new CircuitOptions(), time, metrics, logger),
            StringComparer.Ordinal);

    /// <summary>Every circuit that a registered type names, by name.</summary>
    public IReadOnlyList<CircuitStatus> All => [.. _circuits.Values.Select(circuit => circuit.Status).OrderBy(status => status.Name, StringComparer.Ordinal)];

    /// <summary>Why and until when the job must not start; null: its circuit lets it.</summary>
    internal (string Why, DateTimeOffset Until)? WhyHeld(JobExecution job, DateTimeOffset now) => Find(job)?.WhyHeld(job, now);

    /// <summary>Runs an attempt under its type's circuit, if it has one.</summary>
    internal Task<AttemptVerdict> RunAsync(JobExecution job, Func<JobExecution, Task<AttemptVerdict>> run) => Find(job)?.RunAsync(job, run) ?? run(job);

    private Circuit? Find(JobExecution job) => job.Descriptor?.Circuit is { } name ? _circuits[name] : null;
}
