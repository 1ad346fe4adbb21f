using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using JobPipeline.Execution;
using JobPipeline.Failures;
using JobPipeline.Handlers;
using JobPipeline.Limits;
using Reason = JobPipeline.Failures.DeadLetterReason;

namespace JobPipeline.Monitoring;

/// <summary>
/// What the pipeline counts as it goes on; what is looked up from time to time is in the gauges beside it. Every instrument is
/// a row of the table in docs/operations.md. No attribute holds an id, a key or what some sender wrote: their number is bounded.
/// </summary>
internal sealed class JobMetrics
{
    /// <summary>What a job type is called that nobody here has registered: there is no end of those.</summary>
    public const string UnknownType = "unknown";

    private static readonly FrozenDictionary<Reason, string> DeadLetterReasons = Enum.GetValues<Reason>().ToFrozenDictionary(reason => reason, reason => reason.ToString());
    private static readonly FrozenDictionary<DeferralReason, string> DeferralReasons = Enum.GetValues<DeferralReason>().ToFrozenDictionary(reason => reason, reason => reason.ToString());
    private static readonly FrozenDictionary<ErrorKind, string> ErrorKinds = Enum.GetValues<ErrorKind>().ToFrozenDictionary(kind => kind, kind => kind.ToString());

    private readonly HashSet<string> _workflows;
    private readonly ConcurrentDictionary<(string Type, string Lane), JobSeries> _series = new();
    private readonly Counter<long> _deferred;
    private readonly Counter<long> _deadLetters;
    private readonly Counter<long> _timed;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _wait;
    private readonly Counter<long> _duplicates;
    private readonly Counter<long> _deaths;
    private readonly Counter<long> _leasesLost;
    private readonly Counter<long> _rescued;
    private readonly Counter<long> _overdue;
    private readonly Counter<long> _instancesLost;
    private readonly Counter<long> _heartbeat;
    private readonly Counter<long> _removed;
    private readonly Counter<long> _errors;
    private readonly Counter<long> _newErrorGroups;
    private readonly Counter<long> _regressedErrorGroups;
    private readonly Counter<long> _circuitChanges;
    private readonly Counter<long> _workflowsStarted;
    private readonly Counter<long> _workflowsEnded;

    /// <param name="meters">Makes the meter.</param>
    /// <param name="workflows">Names of workflows that are told apart: callers may run others, under any name.</param>
    public JobMetrics(IMeterFactory? meters = null, IEnumerable<string>? workflows = null)
    {
        _workflows = (workflows ?? []).ToHashSet(StringComparer.Ordinal);
        Meter = meters?.Create(TelemetryNames.Meter) ?? new Meter(TelemetryNames.Meter);
        Meter.CreateObservableCounter("jobpipeline.jobs.enqueued", () => _series.Values.Select(series => series.ReadEnqueued()), "{job}", "Jobs put on record: sent by us, or dropped on a queue by others and read");
        Meter.CreateObservableCounter("jobpipeline.jobs.started", () => _series.Values.Select(series => series.ReadStarted()), "{job}", "Jobs whose first attempt began");
        Meter.CreateObservableCounter("jobpipeline.jobs.finished", () => _series.Values.SelectMany(series => series.ReadFinished()), "{job}", "Jobs that ended, by how");
        Meter.CreateObservableCounter("jobpipeline.attempts", () => _series.Values.SelectMany(series => series.ReadAttempts()), "{attempt}", "Runs of a handler that ended, by how");
        _deferred = Count("jobpipeline.jobs.deferred", "{deferral}", "Jobs put back for later, by why; no attempt used");
        _deadLetters = Count("jobpipeline.dead_letters", "{letter}", "Dead letters, by why");
        _timed = Count("jobpipeline.jobs.timed", "{run}", "Runs of types that have a target duration, by whether they met it");
        _duration = Meter.CreateHistogram("messaging.process.duration", "s", "How long a handler ran", advice: Durations.Runs);
        _wait = Meter.CreateHistogram("jobpipeline.job.wait", "s", "From when a job was due to the start of its first attempt", advice: Durations.Waits);
        _duplicates = Count("jobpipeline.jobs.duplicates", "{job}", "Jobs dropped because their unique key is held");
        _deaths = Count("jobpipeline.worker.deaths", "{death}", "Attempts taken over from a worker that died or lost its lease");
        _leasesLost = Count("jobpipeline.leases.lost", "{lease}", "Outcomes refused because the claim was lost");
        _rescued = Count("jobpipeline.jobs.rescued", "{job}", "Messages sent again for jobs of an instance that is gone");
        _overdue = Count("jobpipeline.jobs.overdue", "{job}", "Messages sent again for jobs that should have been seen and were not");
        _instancesLost = Count("jobpipeline.instances.lost", "{instance}", "Instances that fell silent without a goodbye");
        _heartbeat = Count("jobpipeline.heartbeat", "{beat}", "Runs of the housekeeping: the timer's beat");
        _removed = Count("jobpipeline.retention.removed", "{row}", "What retention removed, by kind");
        _errors = Count("jobpipeline.errors", "{error}", "Failures on record, by job type and kind");
        _newErrorGroups = Count("jobpipeline.error_groups.new", "{group}", "Error groups seen for the first time");
        _regressedErrorGroups = Count("jobpipeline.error_groups.regressed", "{group}", "Resolved error groups seen again in a later release");
        _circuitChanges = Count("jobpipeline.circuit.changes", "{change}", "Circuits that opened, half opened or closed");
        _workflowsStarted = Count("jobpipeline.workflows.started", "{workflow}", "Workflow instances that were created");
        _workflowsEnded = Count("jobpipeline.workflows.ended", "{workflow}", "Workflow instances that ended, by how");
    }

    /// <summary>The meter of this pipeline: gauges of its other parts belong to it as well.</summary>
    public Meter Meter { get; }

    /// <summary>
    /// Begins every series of a type at zero: a reader that goes by increases, such as Prometheus, would not see the first one
    /// of a series that it has not known before. To be called once somebody listens.
    /// </summary>
    public void Know(JobDescriptor descriptor)
    {
        Of(descriptor.Type, descriptor.Queue);
        foreach (var reason in Enum.GetValues<Reason>())
            _deadLetters.Add(0, Tag(AttributeNames.JobType, descriptor.Type), Tag(AttributeNames.DeadLetterReason, DeadLetterReasons[reason]));
        _newErrorGroups.Add(0, Tag(AttributeNames.JobType, descriptor.Type));
        _regressedErrorGroups.Add(0, Tag(AttributeNames.JobType, descriptor.Type));
        if (descriptor.TargetDuration is null)
            return;
        _timed.Add(0, Tag(AttributeNames.JobType, descriptor.Type), Tag(AttributeNames.TargetMet, "true"));
        _timed.Add(0, Tag(AttributeNames.JobType, descriptor.Type), Tag(AttributeNames.TargetMet, "false"));
    }

    /// <summary>The same for what is of no type.</summary>
    /// <param name="kind">The kind of host.</param>
    public void Know(string kind)
    {
        foreach (var reason in (ReadOnlySpan<Reason>)[Reason.Unreadable, Reason.UnknownType])
            _deadLetters.Add(0, Tag(AttributeNames.JobType, UnknownType), Tag(AttributeNames.DeadLetterReason, DeadLetterReasons[reason]));
        _newErrorGroups.Add(0, Tag(AttributeNames.JobType, UnknownType));
        _regressedErrorGroups.Add(0, Tag(AttributeNames.JobType, UnknownType));
        _instancesLost.Add(0, Tag(AttributeNames.InstanceKind, kind));
        _heartbeat.Add(0, Tag(AttributeNames.InstanceKind, kind));
        _overdue.Add(0);
        _rescued.Add(0);
    }

    /// <param name="type">Null where that is what some sender wrote.</param>
    /// <param name="lane">Its lane.</param>
    public void Enqueued(string? type, string lane) => Of(type, lane).Enqueued();

    public void Started(string type, string lane, TimeSpan wait)
    {
        Of(type, lane).Started();
        _wait.Record(Math.Max(wait.TotalSeconds, 0), Tag(AttributeNames.JobType, type), Tag(AttributeNames.Destination, lane));
    }

    /// <param name="type">Its type.</param>
    /// <param name="lane">The lane it ran in.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="duration">How long the handler ran.</param>
    /// <param name="error">Null for one that did not fail.</param>
    /// <param name="target">How long it should have run at most; null: the type has no target.</param>
    public void AttemptEnded(string type, string lane, AttemptOutcome outcome, TimeSpan duration, ErrorKind? error, TimeSpan? target)
    {
        Of(type, lane).AttemptEnded(outcome);
        if (error is not { } kind)
            _duration.Record(duration.TotalSeconds, Tag(AttributeNames.JobType, type), Tag(AttributeNames.Destination, lane));
        else
            _duration.Record(duration.TotalSeconds, Tag(AttributeNames.JobType, type), Tag(AttributeNames.Destination, lane), Tag(AttributeNames.ErrorType, ErrorKinds[kind]));
        if (target is { } limit && (outcome is AttemptOutcome.Succeeded or AttemptOutcome.Failed))
            _timed.Add(1, Tag(AttributeNames.JobType, type), Tag(AttributeNames.TargetMet, duration <= limit ? "true" : "false"));
    }

    /// <param name="type">Null where that is what some sender wrote.</param>
    /// <param name="lane">Its lane.</param>
    /// <param name="end">How it ended.</param>
    public void Finished(string? type, string lane, JobEnd end) => Of(type, lane).Finished(end);

    /// <param name="type">Null where that is what some sender wrote.</param>
    /// <param name="reason">Why.</param>
    public void Deferred(string? type, DeferralReason reason) => _deferred.Add(1, Tag(AttributeNames.JobType, type ?? UnknownType), Tag(AttributeNames.DeferReason, DeferralReasons[reason]));

    /// <param name="type">Null where that is what some sender wrote.</param>
    /// <param name="reason">Why.</param>
    public void DeadLetter(string? type, Reason reason) =>
        _deadLetters.Add(1, Tag(AttributeNames.JobType, type ?? UnknownType), Tag(AttributeNames.DeadLetterReason, DeadLetterReasons[reason]));

    public void CircuitChanged(string circuit, CircuitState state) => _circuitChanges.Add(1, Tag(AttributeNames.CircuitName, circuit), Tag(AttributeNames.CircuitState, state.ToString()));

    public void Duplicate(string type) => _duplicates.Add(1, Tag(AttributeNames.JobType, type));

    public void Death(string type) => _deaths.Add(1, Tag(AttributeNames.JobType, type));

    public void LeaseLost(string type) => _leasesLost.Add(1, Tag(AttributeNames.JobType, type));

    public void Rescued(int jobs) => _rescued.Add(jobs);

    public void Overdue(int jobs) => _overdue.Add(jobs);

    public void InstanceLost(string kind) => _instancesLost.Add(1, Tag(AttributeNames.InstanceKind, kind));

    public void Heartbeat(string kind) => _heartbeat.Add(1, Tag(AttributeNames.InstanceKind, kind));

    public void Removed(string kind, int count) => _removed.Add(count, Tag(AttributeNames.RetentionKind, kind));

    /// <param name="type">Null where that is what some sender wrote.</param>
    /// <param name="kind">How it was classified.</param>
    public void Error(string? type, ErrorKind kind) => _errors.Add(1, Tag(AttributeNames.JobType, type ?? UnknownType), Tag(AttributeNames.ErrorKind, ErrorKinds[kind]));

    /// <param name="type">Null where that is what some sender wrote.</param>
    public void NewErrorGroup(string? type) => _newErrorGroups.Add(1, Tag(AttributeNames.JobType, type ?? UnknownType));

    /// <inheritdoc cref="NewErrorGroup"/>
    public void RegressedErrorGroup(string? type) => _regressedErrorGroups.Add(1, Tag(AttributeNames.JobType, type ?? UnknownType));

    public void WorkflowStarted(string name) => _workflowsStarted.Add(1, Tag(AttributeNames.WorkflowName, Known(name)));

    public void WorkflowEnded(string name, string status) => _workflowsEnded.Add(1, Tag(AttributeNames.WorkflowName, Known(name)), Tag(AttributeNames.WorkflowStatus, status));

    private string Known(string workflow) => _workflows.Contains(workflow) ? workflow : UnknownType;

    private Counter<long> Count(string name, string unit, string description) => Meter.CreateCounter<long>(name, unit, description);

    private JobSeries Of(string? type, string lane) => _series.GetOrAdd((type ?? UnknownType, lane), static key => new JobSeries(key.Type, key.Lane));

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
