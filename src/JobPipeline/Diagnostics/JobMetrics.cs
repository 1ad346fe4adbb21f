using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using Reason = JobPipeline.Jobs.DeadLetterReason;

namespace JobPipeline.Diagnostics;

/// <summary>
/// The counters of the pipeline; its gauges are measured separately. Every instrument is a row of the table in docs/metrics.md. No
/// attribute holds an id, a key or text from a sender, so the number of series is bounded.
/// </summary>
internal sealed class JobMetrics
{
    /// <summary>The name for all job types that are not registered here; their number is unbounded.</summary>
    public const string UnknownType = "unknown";

    private static readonly FrozenDictionary<Reason, string> DeadLetterReasons = NamesOf<Reason>();
    private static readonly FrozenDictionary<DeferralReason, string> DeferralReasons = NamesOf<DeferralReason>();
    private static readonly FrozenDictionary<ErrorKind, string> ErrorKinds = NamesOf<ErrorKind>();

    /// <summary>The possible reasons for jobs whose type has a handler here.</summary>
    private static readonly Reason[] ReasonsOfKnownTypes =
    [
        Reason.InvalidPayload, Reason.AttemptsExhausted, Reason.PermanentFailure, Reason.KilledItsWorker,
        Reason.ForgedIdentity, Reason.KeyConflict, Reason.Poison,
    ];

    private static readonly Reason[] ReasonsOfUnknownTypes = [Reason.Unreadable, Reason.UnknownType, Reason.ForgedIdentity, Reason.Poison];

    private readonly HashSet<string> _workflows;
    private readonly ConcurrentDictionary<string, bool> _begun = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Type, string Queue), JobSeries> _series = new();
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

    /// <param name="meters">Creates the meter.</param>
    /// <param name="workflows">The names of the workflows that have their own series; callers may run others, under any name.</param>
    /// <param name="scrape">Tracks the collections of metrics.</param>
    public JobMetrics(IMeterFactory? meters = null, IEnumerable<string>? workflows = null, MetricScrape? scrape = null)
    {
        _scrape = scrape ?? new MetricScrape();
        _deadLetters = new(_scrape, static deadLetter =>
            [Tag(AttributeNames.JobType, deadLetter.Type), Tag(AttributeNames.DeadLetterReason, DeadLetterReasons[deadLetter.Reason])]);
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
            "Jobs recorded: sent by the pipeline, or put on a queue by others and received");
        Collect("jobpipeline.jobs.started", OfEach(series => series.ReadStarted()), "{job}", "Jobs whose first attempt started");
        Collect("jobpipeline.jobs.finished", OfEach(series => series.ReadFinished()), "{job}", "Jobs that ended, by outcome");
        Collect("jobpipeline.attempts", OfEach(series => series.ReadAttempts()), "{attempt}", "Attempts that ended, by outcome");
        _deferred = Count("jobpipeline.jobs.deferred", "{deferral}", "Jobs deferred, by reason; no attempt used");
        Collect("jobpipeline.dead_letters", _deadLetters.Read, "{letter}", "Dead letters, by reason");
        Collect("jobpipeline.jobs.timed", _timed.Read, "{run}", "Attempts of types with a target duration, by whether they met it");
        _duration = Meter.CreateHistogram("messaging.process.duration", "s", "Duration of the handler", advice: Durations.Runs);
        _wait = Meter.CreateHistogram(
            "jobpipeline.job.wait", "s", "Time from when a job was due to the start of its first attempt", advice: Durations.Waits);
        _duplicates = Count("jobpipeline.jobs.duplicates", "{job}", "Jobs discarded because another job holds their unique key");
        _deaths = Count("jobpipeline.worker.deaths", "{death}", "Attempts claimed from a worker that died or lost its lease");
        _leasesLost = Count("jobpipeline.leases.lost", "{lease}", "Verdicts rejected because the claim was lost");
        _rescued = Count("jobpipeline.jobs.rescued", "{job}", "Messages re-sent for jobs of a lost instance");
        Collect("jobpipeline.jobs.overdue", () => [_overdue.Read()], "{job}", "Messages re-sent for overdue jobs");
        Collect("jobpipeline.instances.lost", _instancesLost.Read, "{instance}", "Instances lost without a shutdown");
        Collect("jobpipeline.heartbeat", _heartbeat.Read, "{beat}", "Maintenance runs");
        _removed = Count("jobpipeline.retention.removed", "{row}", "Items removed by retention, by kind");
        _errors = Count("jobpipeline.errors", "{error}", "Failures recorded, by job type and kind");
        Collect("jobpipeline.error_groups.new", _newErrorGroups.Read, "{group}", "Error groups seen for the first time");
        Collect(
            "jobpipeline.error_groups.regressed",
            _regressedErrorGroups.Read,
            "{group}",
            "Resolved error groups that recurred in a later release");
        _circuitChanges = Count("jobpipeline.circuit.changes", "{change}", "State changes of circuits, by new state");
        _workflowsStarted = Count("jobpipeline.workflows.started", "{workflow}", "Workflow instances created");
        _workflowsEnded = Count("jobpipeline.workflows.ended", "{workflow}", "Workflow instances that ended, by status");
    }

    /// <summary>The meter of this pipeline; gauges of other parts are created on it too.</summary>
    public Meter Meter { get; }

    /// <summary>
    /// Starts every series of the type that an alert rule uses at 0, for every queue: a system that computes increases, such as
    /// Prometheus, misses the first increase of a series it has not seen before.
    /// </summary>
    public void Begin(JobDescriptor descriptor)
    {
        foreach (var queue in PriorityQueues.All)
            Of(descriptor.Type, queue);
        if (descriptor.TargetDuration is null)
            return;
        _timed.Begin((descriptor.Type, true));
        _timed.Begin((descriptor.Type, false));
    }

    /// <summary>Starts the series that belong to no registered type.</summary>
    /// <param name="kind">The kind of host.</param>
    public void Begin(string kind)
    {
        BeginType(UnknownType);
        _instancesLost.Begin(kind);
        _heartbeat.Begin(kind);
    }

    /// <param name="type">The job type; null if it comes from a sender and is therefore unbounded.</param>
    /// <param name="queue">The queue.</param>
    public void Enqueued(string? type, string queue) => Of(type, queue).Enqueued();

    public void Started(string type, string queue, TimeSpan wait)
    {
        Of(type, queue).Started();
        _wait.Record(Math.Max(wait.TotalSeconds, 0), Tag(AttributeNames.JobType, type), Tag(AttributeNames.Destination, queue));
    }

    /// <param name="type">The job type.</param>
    /// <param name="queue">The queue.</param>
    /// <param name="outcome">The outcome of the attempt.</param>
    /// <param name="duration">How long the handler ran.</param>
    /// <param name="error">The kind of the error; null if the attempt did not fail.</param>
    /// <param name="target">The target duration of the type; null if it has none.</param>
    public void AttemptEnded(string type, string queue, AttemptOutcome outcome, TimeSpan duration, ErrorKind? error, TimeSpan? target)
    {
        Of(type, queue).AttemptEnded(outcome);
        var (typeTag, queueTag) = (Tag(AttributeNames.JobType, type), Tag(AttributeNames.Destination, queue));
        if (error is not { } kind)
            _duration.Record(duration.TotalSeconds, typeTag, queueTag);
        else
            _duration.Record(duration.TotalSeconds, typeTag, queueTag, Tag(AttributeNames.ErrorType, ErrorKinds[kind]));
        if (target is { } limit && (outcome is AttemptOutcome.Succeeded or AttemptOutcome.Failed))
            _timed.Add((type, duration <= limit));
    }

    /// <param name="type">The job type; null if it comes from a sender and is therefore unbounded.</param>
    /// <param name="queue">The queue.</param>
    /// <param name="end">The outcome of the job.</param>
    public void Finished(string? type, string queue, JobEnd end) => Of(type, queue).Finished(end);

    /// <param name="type">The job type; null if it comes from a sender and is therefore unbounded.</param>
    /// <param name="reason">The reason.</param>
    public void Deferred(string? type, DeferralReason reason) =>
        _deferred.Add(1, Tag(AttributeNames.JobType, type ?? UnknownType), Tag(AttributeNames.DeferReason, DeferralReasons[reason]));

    /// <param name="type">The job type; null if it comes from a sender and is therefore unbounded.</param>
    /// <param name="reason">The reason.</param>
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

    /// <param name="type">The job type; null if it comes from a sender and is therefore unbounded.</param>
    /// <param name="kind">The classification of the error.</param>
    public void Error(string? type, ErrorKind kind) =>
        _errors.Add(1, Tag(AttributeNames.JobType, type ?? UnknownType), Tag(AttributeNames.ErrorKind, ErrorKinds[kind]));

    /// <param name="type">The job type; null if it comes from a sender and is therefore unbounded.</param>
    public void NewErrorGroup(string? type) => _newErrorGroups.Add(type ?? UnknownType);

    /// <inheritdoc cref="NewErrorGroup"/>
    public void RegressedErrorGroup(string? type) => _regressedErrorGroups.Add(type ?? UnknownType);

    public void WorkflowStarted(string name) => _workflowsStarted.Add(1, Tag(AttributeNames.WorkflowName, Known(name)));

    public void WorkflowEnded(string name, string status) =>
        _workflowsEnded.Add(1, Tag(AttributeNames.WorkflowName, Known(name)), Tag(AttributeNames.WorkflowStatus, status));

    private string Known(string workflow) => _workflows.Contains(workflow) ? workflow : UnknownType;

    /// <summary>
    /// Starts the series of the type that alert rules use. Those of its attempts start per queue (<see cref="JobSeries"/>).
    /// </summary>
    private void BeginType(string type)
    {
        if (!_begun.TryAdd(type, true))
            return;
        foreach (var reason in type == UnknownType ? ReasonsOfUnknownTypes : ReasonsOfKnownTypes)
            _deadLetters.Begin((type, reason));
        _newErrorGroups.Begin(type);
        _regressedErrorGroups.Begin(type);
    }

    private JobSeries Of(string? type, string queue)
    {
        var key = (type ?? UnknownType, queue);
        if (_series.TryGetValue(key, out var series))
            return series;
        BeginType(key.Item1);
        return _series.GetOrAdd(key, static (key, scrape) => new JobSeries(key.Type, key.Queue, key.Type != UnknownType, scrape), _scrape);
    }

    private Func<IEnumerable<Measurement<long>>> OfEach(Func<JobSeries, IEnumerable<Measurement<long>>> read) =>
        () => _series.Values.SelectMany(read);

    private void Collect(string name, Func<IEnumerable<Measurement<long>>> read, string unit, string description) =>
        Meter.CreateObservableCounter(name, read, unit, description);

    private Counter<long> Count(string name, string unit, string description) => Meter.CreateCounter<long>(name, unit, description);

    private static FrozenDictionary<T, string> NamesOf<T>()
        where T : struct, Enum =>
        Enum.GetValues<T>().ToFrozenDictionary(value => value, value => value.ToString());

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
