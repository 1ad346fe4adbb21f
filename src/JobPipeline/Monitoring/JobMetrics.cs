using System.Diagnostics.Metrics;
using JobPipeline.Failures;
using JobPipeline.Limits;

namespace JobPipeline.Monitoring;

/// <summary>What the pipeline counts. Instruments are named in docs/operations.md once they have readers.</summary>
internal sealed class JobMetrics
{
    public const string MeterName = "JobPipeline";

    private readonly Counter<long> _duplicates;
    private readonly Counter<long> _deaths;
    private readonly Counter<long> _leasesLost;
    private readonly Counter<long> _rescued;
    private readonly Counter<long> _overdue;
    private readonly Counter<long> _instancesLost;
    private readonly Counter<long> _removed;
    private readonly Counter<long> _errors;
    private readonly Counter<long> _newErrorGroups;
    private readonly Counter<long> _regressedErrorGroups;
    private readonly Counter<long> _circuitChanges;

    public JobMetrics(IMeterFactory? meters = null)
    {
        var meter = Meter = meters?.Create(MeterName) ?? new Meter(MeterName);
        _duplicates = meter.CreateCounter<long>("jobpipeline.jobs.duplicates", "{job}", "Jobs dropped because their unique key is held");
        _deaths = meter.CreateCounter<long>("jobpipeline.worker.deaths", "{death}", "Attempts taken over from a worker that died or lost its lease");
        _leasesLost = meter.CreateCounter<long>("jobpipeline.leases.lost", "{lease}", "Outcomes refused because the claim was lost");
        _rescued = meter.CreateCounter<long>("jobpipeline.jobs.rescued", "{job}", "Messages sent again for jobs of an instance that is gone");
        _overdue = meter.CreateCounter<long>("jobpipeline.jobs.overdue", "{job}", "Messages sent again for jobs that should have been seen and were not");
        _instancesLost = meter.CreateCounter<long>("jobpipeline.instances.lost", "{instance}", "Instances that fell silent without a goodbye");
        _removed = meter.CreateCounter<long>("jobpipeline.retention.removed", "{row}", "What retention removed, by kind");
        _errors = meter.CreateCounter<long>("jobpipeline.errors", "{error}", "Failures on record, by job type and kind");
        _newErrorGroups = meter.CreateCounter<long>("jobpipeline.error_groups.new", "{group}", "Error groups seen for the first time");
        _regressedErrorGroups = meter.CreateCounter<long>("jobpipeline.error_groups.regressed", "{group}", "Resolved error groups seen again in a later release");
        _circuitChanges = meter.CreateCounter<long>("jobpipeline.circuit.changes", "{change}", "Circuits that opened, half opened or closed");
    }

    public Meter Meter { get; }

    public void CircuitChanged(string circuit, CircuitState state) => _circuitChanges.Add(
        1, new KeyValuePair<string, object?>("jobpipeline.circuit.name", circuit), new KeyValuePair<string, object?>("jobpipeline.circuit.state", state.ToString()));

    public void Duplicate(string type) => _duplicates.Add(1, new KeyValuePair<string, object?>("jobpipeline.job.type", type));

    public void Death(string type) => _deaths.Add(1, new KeyValuePair<string, object?>("jobpipeline.job.type", type));

    public void LeaseLost(string type) => _leasesLost.Add(1, new KeyValuePair<string, object?>("jobpipeline.job.type", type));

    public void Rescued(int jobs) => _rescued.Add(jobs);

    public void Overdue(int jobs) => _overdue.Add(jobs);

    public void InstanceLost(string kind) => _instancesLost.Add(1, new KeyValuePair<string, object?>("jobpipeline.instance.kind", kind));

    public void Removed(string kind, int count) => _removed.Add(count, new KeyValuePair<string, object?>("jobpipeline.retention.kind", kind));

    /// <param name="type">Null where that is what some sender wrote: there is no end of those.</param>
    /// <param name="kind">How it was classified.</param>
    public void Error(string? type, ErrorKind kind) => _errors.Add(
        1,
        new KeyValuePair<string, object?>("jobpipeline.job.type", type ?? "unknown"),
        new KeyValuePair<string, object?>("jobpipeline.error.kind", kind.ToString()));

    public void NewErrorGroup() => _newErrorGroups.Add(1);

    public void RegressedErrorGroup() => _regressedErrorGroups.Add(1);
}
