using JobPipeline.Configuration;
using JobPipeline.Diagnostics;
using JobPipeline.Execution;
using JobPipeline.Execution.Verdicts;
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
    private readonly Dictionary<string, Circuit> _circuits;

    public CircuitRegistry(
        JobRegistry registry, IOptions<JobPipelineOptions> options, TimeProvider time, JobMetrics metrics, ILogger<CircuitRegistry> logger) =>
        _circuits = registry.All.Select(type => type.Circuit).OfType<string>().Distinct(StringComparer.Ordinal).ToDictionary(
            name => name,
            name => new Circuit(name, options.Value.Circuits.GetValueOrDefault(name) ?? new CircuitOptions(), time, metrics, logger),
            StringComparer.Ordinal);

    /// <summary>All circuits that registered types use, ordered by name.</summary>
    public IReadOnlyList<CircuitStatus> All =>
        [.. _circuits.Values.Select(circuit => circuit.Status).OrderBy(status => status.Name, StringComparer.Ordinal)];

    /// <summary>Gets why and until when the job must not start; null when its circuit allows it.</summary>
    internal (string Why, DateTimeOffset Until)? WhyHeld(JobExecution job, DateTimeOffset now) => Find(job)?.WhyHeld(job, now);

    /// <summary>Runs an attempt through the circuit of its type, if it has one.</summary>
    internal Task<JobEnding> RunAsync(JobExecution job, Func<JobExecution, Task<JobEnding>> run) =>
        Find(job)?.RunAsync(job, run) ?? run(job);

    private Circuit? Find(JobExecution job) => job.Descriptor?.Circuit is { } name ? _circuits[name] : null;
}
