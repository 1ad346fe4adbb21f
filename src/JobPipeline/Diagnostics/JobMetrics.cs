using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using Reason = JobPipeline.Jobs.DeadLetterReason;

namespace JobPipeline.Diagnostics;

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

    /// <summary>What can become of jobs whose type has a handler here.</summary>
    private static readonly Reason[] ReasonsOfKnownTypes =
    [
        Reason.InvalidPayload, Reason.AttemptsExhausted, Reason.PermanentFailure, Reason.KilledItsWorker,
        Reason.ForgedIdentity, Reason.KeyConflict, Reason.Poison,
    ];

    private static readonly Reason[] ReasonsOfUnknownTypes = [Reason.Unreadable, Reason.UnknownType, Reason.ForgedIdentity, Reason.Poison];

    private readonly HashSet<string> _workflows;
    private readonly ConcurrentDictionary<string, bool> _begun = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Type, string Lane), JobSeries> _series = new();
    private readonly MetricScrape _scrape;
    private readonly AlertedCounter<(string Type, Reason Reason)> _deadLetters;
    private readonly AlertedCounter<(string Type, bool IsMet)> _timed;
    private readonly AlertedCounter<string> _newErrorGroups;
    private readonly AlertedCounter<string> _regressedErrorGroups;
    private readonly AlertedCounter<string> _instancesLost;
    private readonly AlertedCounter<string> _heartbeat;
    private readonly AlertedSeries _overdue;
    private readonly Counter<long> _deferred;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _wait;
    private readonly Counter<long> _duplicates;
    private readonly Counter<long> _deaths;
    private readonly Counter<long> _leasesLost;
    private readonly Counter<long> _rescued;
    private readonly Counter<long> _removed;
    private readonly Counter<long> _errors;
    private readonly Counter<long> _circuitChanges;
    private readonly Counter<long> _workflowsStarted;
    private readonly Counter<long> _workflowsEnded;

    /// <param name="meters">Makes the meter.</param>
    /// <param name="workflows">Names of workflows that are told apart: callers may run others, under any name.</param>
    /// <param name="scrape">Tells who collects.</param>
    public JobMetrics(IMeterFactory? meters = null, IEnumerable<string>? workflows = null, MetricScrape? scrape = null)
    {
        _scrape = scrape ?? new MetricScrape();
        _deadLetters = new(_scrape, static letter =>
            [Tag(AttributeNames.JobType, letter.Type), Tag(AttributeNames.DeadLetterReason, DeadLetterReasons[letter.Reason])]);
        _timed = new(_scrape, static run =>
            [Tag(AttributeNames.JobType, run.Type), Tag(AttributeNames.TargetMet, run.IsMet ? "true" : "false")]);
        _newErrorGroups = new(_scrape, static type => [Tag(AttributeNames.JobType, type)]);
        _regressedErrorGroups = new(_scrape, static type => [Tag(AttributeNames.JobType, type)]);
        _instancesLost = new(_scrape, static kind => [Tag(AttributeNames.InstanceKind, kind)]);
        _heartbeat = new(_scrape, static kind => [Tag(AttributeNames.InstanceKind, kind)]);
        _overdue = new AlertedSeries(_scrape);
        _workflows = (workflows ?? []).ToHashSet(StringComparer.Ordinal);
        Meter = meters?.Create(TelemetryNames.Meter) ?? new Meter(TelemetryNames.Meter);
        Collect(
            "jobpipeline.jobs.enqueued",
            OfEach(series => series.ReadEnqueued()),
            "{job}",
            "Jobs put on record: sent by us, or dropped on a queue by others and read");
        Collect("jobpipeline.jobs.started", OfEach(series => series.ReadStarted()), "{job}", "Jobs whose first attempt began");
        Collect("jobpipeline.jobs.finished", OfEach(series => series.ReadFinished()), "{job}", "Jobs that ended, by how");
        Collect("jobpipeline.attempts", OfEach(series => series.ReadAttempts()), "{attempt}", "Runs of a handler that ended, by how");
        _deferred = Count("jobpipeline.jobs.deferred", "{deferral}", "Jobs put back for later, by why; no attempt used");
        Collect("jobpipeline.dead_letters", _deadLetters.Read, "{letter}", "Dead letters, by why");
        Collect("jobpipeline.jobs.timed", _timed.Read, "{run}", "Runs of types that have a target duration, by whether they met it");
        _duration = Meter.CreateHistogram("messaging.process.duration", "s", "How long a handler ran", advice: Durations.Runs);
        _wait = Meter.CreateHistogram("jobpipeline.job.wait", "s", "From when a job was due to the start of its first attempt", advice: Durations.Waits);
        _duplicates = Count("jobpipeline.jobs.duplicates", "{job}", "Jobs dropped because their unique key is held");
        _deaths = Count("jobpipeline.worker.deaths", "{death}", "Attempts taken over from a worker that died or lost its lease");
        _leasesLost = Count("jobpipeline.leases.lost", "{lease}", "Outcomes refused because the claim was lost");
        _rescued = Count("jobpipeline.jobs.rescued", "{job}", "Messages sent again for jobs of an instance that is gone");
        Collect(
            "jobpipeline.jobs.overdue",
            () => [_overdue.Read()],
            "{job}",
            "Messages sent again for jobs that should have been seen and were not");
        Collect("jobpipeline.instances.lost", _instancesLost.Read, "{instance}", "Instances that fell silent without a goodbye");
        Collect("jobpipeline.heartbeat", _heartbeat.Read, "{beat}", "Runs of the housekeeping: the timer's beat");
        _removed = Count("jobpipeline.retention.removed", "{row}", "What retention removed, by kind");
        _errors = Count("jobpipeline.errors", "{error}", "Failures on record, by job type and kind");
        Collect("jobpipeline.error_groups.new", _newErrorGroups.Read, "{group}", "Error groups seen for the first time");
        Collect(
            "jobpipeline.error_groups.regressed",
            _regressedErrorGroups.Read,
            "{group}",
            "Resolved error groups seen again in a later release");
        _circuitChanges = Count("jobpipeline.circuit.changes", "{change}", "Circuits that opened, half opened or closed");
        _workflowsStarted = Count("jobpipeline.workflows.started", "{workflow}", "Workflow instances that were created");
        _workflowsEnded = Count("jobpipeline.workflows.ended", "{workflow}", "Workflow instances that ended, by how");
    }

    /// <summary>The meter of this pipeline: gauges of its other parts belong to it as well.</summary>
    public Meter Meter { get; }

    /// <summary>
    /// Begins every series of the type that an alert rule names at 0, in every lane: a reader that goes by increases, such as
    /// Prometheus, does not see the first increase of a series that it has not seen before.
    /// </summary>
    public void Begin(JobDescriptor descriptor)
    {
        foreach (var lane in JobLanes.All)
            Of(descriptor.Type, lane);
        if (descriptor.TargetDuration is null)
            return;
        _timed.Begin((descriptor.Type, true));
        _timed.Begin((descriptor.Type, false));
    }

    /// <summary>Begins the series that belong to no registered type.</summary>
    /// <param name="kind">The kind of host.</param>
    public void Begin(string kind)
    {
        BeginType(UnknownType);
        _instancesLost.Begin(kind);
        _heartbeat.Begin(kind);
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
            _timed.Add((type, duration <= limit));
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
    public void DeadLetter(string? type, Reason reason) => _deadLetters.Add((type ?? UnknownType, reason));

    public void CircuitChanged(string circuit, string state) =>
        _circuitChanges.Add(1, Tag(AttributeNames.CircuitName, circuit), Tag(AttributeNames.CircuitState, state));

    public void Duplicate(string type) => _duplicates.Add(1, Tag(AttributeNames.JobType, type));

    public void Death(string type) => _deaths.Add(1, Tag(AttributeNames.JobType, type));

    public void LeaseLost(string type) => _leasesLost.Add(1, Tag(AttributeNames.JobType, type));

    public void Rescued(int jobs) => _rescued.Add(jobs);

    public void Overdue(int jobs) => _overdue.Add(jobs);

    public void InstanceLost(string kind) => _instancesLost.Add(kind);

    public void Heartbeat(string kind) => _heartbeat.Add(kind);

    public void Removed(string kind, int count) => _removed.Add(count, Tag(AttributeNames.RetentionKind, kind));

    /// <param name="type">Null where that is what some sender wrote.</param>
    /// <param name="kind">How it was classified.</param>
    public void Error(string? type, ErrorKind kind) => _errors.Add(1, Tag(AttributeNames.JobType, type ?? UnknownType), Tag(AttributeNames.ErrorKind, ErrorKinds[kind]));

    /// <param name="type">Null where that is what some sender wrote.</param>
    public void NewErrorGroup(string? type) => _newErrorGroups.Add(type ?? UnknownType);

    /// <inheritdoc cref="NewErrorGroup"/>
    public void RegressedErrorGroup(string? type) => _regressedErrorGroups.Add(type ?? UnknownType);

    public void WorkflowStarted(string name) => _workflowsStarted.Add(1, Tag(AttributeNames.WorkflowName, Known(name)));

    public void WorkflowEnded(string name, string status) => _workflowsEnded.Add(1, Tag(AttributeNames.WorkflowName, Known(name)), Tag(AttributeNames.WorkflowStatus, status));

    private string Known(string workflow) => _workflows.Contains(workflow) ? workflow : UnknownType;

    /// <summary>What alert rules name of a type that is seen here. Its attempts begin with its lane (<see cref="JobSeries"/>).</summary>
    private void BeginType(string type)
    {
        if (!_begun.TryAdd(type, true))
            return;
        foreach (var reason in type == UnknownType ? ReasonsOfUnknownTypes : ReasonsOfKnownTypes)
            _deadLetters.Begin((type, reason));
        _newErrorGroups.Begin(type);
        _regressedErrorGroups.Begin(type);
    }

    private JobSeries Of(string? type, string lane)
    {
        var key = (type ?? UnknownType, lane);
        if (_series.TryGetValue(key, out var series))
            return series;
        BeginType(key.Item1);
        return _series.GetOrAdd(key, static (key, scrape) => new JobSeries(key.Type, key.Lane, key.Type != UnknownType, scrape), _scrape);
    }

    private Func<IEnumerable<Measurement<long>>> OfEach(Func<JobSeries, IEnumerable<Measurement<long>>> read) =>
        () => _series.Values.SelectMany(read);

    private void Collect(string name, Func<IEnumerable<Measurement<long>>> read, string unit, string description) =>
        Meter.CreateObservableCounter(name, read, unit, description);

    private Counter<long> Count(string name, string unit, string description) => Meter.CreateCounter<long>(name, unit, description);

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
