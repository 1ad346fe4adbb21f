using System.Diagnostics;
using JobPipeline.Diagnostics;
using JobPipeline.Execution.UnknownTypes;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Workflows.Instances;

namespace JobPipeline.Enqueueing;

/// <summary>What became of a request to enqueue.</summary>
/// <param name="Id">The job; for a duplicate the one that holds the key.</param>
/// <param name="IsDuplicate">True when the unique key was held and no new job was made.</param>
public readonly record struct EnqueueResult(JobId Id, bool IsDuplicate);

/// <summary>Enqueues, finds and cancels jobs.</summary>
public sealed class JobClient
{
    private const int PacksAtATime = 4;

    private readonly JobRegistry _registry;
    private readonly FleetTypes _fleet;
    private readonly IJobStore _store;
    private readonly Enqueuer _enqueuer;
    private readonly JobCanceller _canceller;
    private readonly JobMetrics _metrics;
    private readonly TimeProvider _time;

    internal JobClient(
        JobRegistry registry,
        FleetTypes fleet,
        IJobStore store,
        Enqueuer enqueuer,
        JobCanceller canceller,
        JobMetrics metrics,
        TimeProvider time) =>
        (_registry, _fleet, _store, _enqueuer, _canceller, _metrics, _time) = (registry, fleet, store, enqueuer, canceller, metrics, time);

    /// <summary>
    /// Everything that keeps a request from being enqueued, its payload included; empty for one that can be. Of a type that only
    /// another instance has a handler for (<see cref="KnowsAsync"/>), the payload is checked when the job is run.
    /// </summary>
    public IReadOnlyList<FieldFault> Validate(JobRequest request) =>
        JobRequestRules.Faults(request, _registry, type => _fleet.LaneOf(type) is null ? _fleet.WhyUnknown(type) : null);

    /// <summary>
    /// True when a handler for the type is registered here or on another living instance. That is looked up when it is not
    /// registered here, at most once a second.
    /// </summary>
    public ValueTask<bool> KnowsAsync(string type, CancellationToken cancellationToken = default) =>
        _fleet.KnowsAsync(type, cancellationToken);

    /// <summary>The same for the job of a workflow's step: its type is not judged, for that is done when the job is due.</summary>
    internal IReadOnlyList<FieldFault> ValidateStep(JobRequest request) => JobRequestRules.Faults(request, _registry, static _ => null);

    /// <summary>True when <see cref="EnqueueManyAsync"/> lets the request, if it is small enough, share a message with others.</summary>
    public bool MayTravelPacked(JobRequest request) =>
        _registry.Find(request.Type) is { MayTravelPacked: true } && request.Key is null && request.NotBefore is null;

    /// <summary>
    /// Enqueues a job: the message first, for it keeps the job alive, then its record. When this throws, the job may or
    /// may not have been enqueued; repeat the call with a unique key to be sure that it runs once.
    /// </summary>
    /// <exception cref="MessageFormatException">The request is out of bounds.</exception>
    /// <exception cref="UnknownJobTypeException">No handler is registered for the type, on this instance or another living one.</exception>
    /// <exception cref="JobKeyConflictException">The unique key is held by a job with another payload.</exception>
    public Task<EnqueueResult> EnqueueAsync(JobRequest request, CancellationToken cancellationToken = default)
    {
        var now = _time.GetUtcNow();
        return EnqueueAsync(JobId.Create(now), request, default, now, cancellationToken);
    }

    /// <summary>
    /// Enqueues many jobs. Those of types that are expected to end quickly, without a key or a start time of their own,
    /// travel packed. Answers in the order of the requests; every request is checked before the first is sent.
    /// </summary>
    /// <inheritdoc cref="EnqueueAsync(JobRequest, CancellationToken)" path="/exception"/>
    public async Task<IReadOnlyList<EnqueueResult>> EnqueueManyAsync(IReadOnlyList<JobRequest> requests, CancellationToken cancellationToken = default)
    {
        using var span = JobTracing.StartSendMany(requests.Count);
        var now = _time.GetUtcNow();
        var results = new EnqueueResult[requests.Count];
        var packs = new JobPacker();
        var singles = new List<int>();
        foreach (var type in requests.Select(request => request.Type).Distinct(StringComparer.Ordinal))
            await LearnAsync(type, cancellationToken);
        for (var i = 0; i < requests.Count; i++)
        {
            var (lane, spec) = Specify(requests[i], default, now);
            if (!MayTravelPacked(requests[i]) || !packs.TryAdd(lane, spec, i))
                singles.Add(i);
        }

        await Parallel.ForAsync(0, packs.Packs.Count, new ParallelOptions { MaxDegreeOfParallelism = PacksAtATime, CancellationToken = cancellationToken }, async (number, token) =>
        {
            var pack = packs.Packs[number];
            // One moment a pack: its ids, and so its rows, share a storage partition. Each pack one of its own: they spread.
            var moment = now - (JobId.Slice * (number % JobId.Slices));
            var jobs = pack.Jobs.ConvertAll(job => (Id: JobId.Create(moment), job.Spec, job.Index));
            await _enqueuer.EnqueuePackAsync(pack.Lane, jobs.ConvertAll(job => (job.Id, job.Spec)), token);
            foreach (var job in jobs)
                results[job.Index] = new EnqueueResult(job.Id, IsDuplicate: false);
        });

        foreach (var i in singles)
            results[i] = await EnqueueAsync(JobId.Create(now), requests[i], default, now, cancellationToken);
        return results;
    }

    /// <summary>All that is on record of a job; <see cref="JobSnapshot.None"/> for one that nobody knows.</summary>
    public Task<JobSnapshot> GetAsync(JobId id, CancellationToken cancellationToken = default) => _store.ReadAsync(id, cancellationToken);

    /// <summary>Cancels a job that has not started; asks one that is running to stop.</summary>
    public Task<CancelOutcome> CancelAsync(JobId id, string reason, CancellationToken cancellationToken = default) =>
        _canceller.CancelAsync(id, reason, cancellationToken);

    internal async Task EnqueueChildAsync(JobId child, JobId parent, string? traceParent, JobRequest request, bool mayExist, CancellationToken cancellationToken)
    {
        if (mayExist && (await _store.ReadAsync(child, cancellationToken)).Record is not null)
            return;
        await EnqueueAsync(child, request, new JobOrigin(Parent: parent) { TraceParent = traceParent }, _time.GetUtcNow(), cancellationToken);
    }

    /// <summary>Enqueues the job that tells of a dead letter; again, where it is not known whether that was done.</summary>
    internal Task EnqueueCallbackAsync(JobId id, JobId of, JobRequest request, CancellationToken cancellationToken) =>
        EnqueueAsync(id, request, new JobOrigin(CallbackOf: of), _time.GetUtcNow(), cancellationToken);

    /// <summary>Enqueues the job of a workflow's step; again, where it is not known whether that was done.</summary>
    internal Task EnqueueStepAsync(
        JobId id, JobRequest request, WorkflowOrigin step, string? traceParent, CancellationToken cancellationToken) =>
        EnqueueAsync(id, request, new JobOrigin(Workflow: step) { TraceParent = traceParent }, _time.GetUtcNow(), cancellationToken);

    /// <summary>What the queue would deliver of a step's job, for a host that executes it at once. Nothing is sent.</summary>
    internal async Task<QueueDelivery> PrepareStepAsync(
        JobId id, JobRequest request, WorkflowOrigin step, string? traceParent, bool isNew, CancellationToken cancellationToken)
    {
        await LearnAsync(request.Type, cancellationToken);
        var now = _time.GetUtcNow();
        var (lane, spec) = Specify(request, new JobOrigin(Workflow: step), now);
        // What is around this call is the host's own trace, a new one for each call.
        spec = spec with { TraceParent = traceParent ?? spec.TraceParent };
        spec = await _enqueuer.MoveLargePayloadAsync(id, spec, cancellationToken);
        if (isNew)
            _metrics.Enqueued(spec.Type, lane);
        return new QueueDelivery(lane, id.ToString(), now, 1, JobMessageWriter.Write(id, 1, spec), "");
    }

    /// <summary>Cancels the job of a step, known or not: one that has not begun never will.</summary>
    internal async Task CancelStepAsync(JobId id, JobRequest request, WorkflowOrigin step, string reason, CancellationToken cancellationToken)
    {
        if (await _canceller.CancelAsync(id, reason, cancellationToken) is not CancelOutcome.NotFound)
            return;
        await LearnAsync(request.Type, cancellationToken);
        var now = _time.GetUtcNow();
        var (lane, spec) = Specify(request, new JobOrigin(Workflow: step), now);
        await _enqueuer.RecordAsync(id, lane, spec, cancellationToken);
        _metrics.Enqueued(spec.Type, lane);
        await _canceller.CancelAsync(id, reason, cancellationToken);
    }

    /// <summary>
    /// Enqueues a job that was decided on before, id and all, without a key. To repeat it is harmless: the same message, and a
    /// record where there is none.
    /// </summary>
    internal async Task EnqueueDecidedAsync(JobId id, string lane, JobSpec spec, CancellationToken cancellationToken)
    {
        using var span = JobTracing.StartSend(spec.Type, traceParent: null);
        JobTracing.Sent(span, id, lane, spec);
        await _enqueuer.EnqueueAsync(id, lane, spec, cancellationToken);
    }

    private async Task<EnqueueResult> EnqueueAsync(JobId id, JobRequest request, JobOrigin origin, DateTimeOffset now, CancellationToken cancellationToken)
    {
        using var span = JobTracing.StartSend(request.Type, origin.TraceParent);
        await LearnAsync(request.Type, cancellationToken);
        var (lane, spec) = Specify(request, origin, now);
        JobTracing.Sent(span, id, lane, spec);
        return await _enqueuer.EnqueueAsync(id, lane, spec, cancellationToken);
    }

    private async ValueTask LearnAsync(string type, CancellationToken cancellationToken)
    {
        if (_registry.Find(type) is null)
            await _fleet.KnowsAsync(type, cancellationToken);
    }

    /// <summary>The lane of a type; that of a step's job, where no living instance has a handler, waits in the normal one.</summary>
    private string LaneOf(string type, JobOrigin origin) =>
        _registry.Find(type)?.Queue ?? _fleet.LaneOf(type)
        ?? (origin.Workflow is not null ? JobLanes.Normal : throw new UnknownJobTypeException(_fleet.WhyUnknown(type)));

    private (string Lane, JobSpec Spec) Specify(JobRequest request, JobOrigin origin, DateTimeOffset now)
    {
        var home = LaneOf(request.Type, origin);
        var lane = request.Queue ?? home;
        if (JobRequestRules.FaultOfLane(lane) is { } fault)
            throw new MessageFormatException(fault);
        var spec = request.ToSpec(PayloadJson.Normalise(request.Payload, "payload"), now) with
        {
            TraceParent = Activity.Current?.Id ?? origin.TraceParent,
            Parent = origin.Parent,
            ReplayOf = origin.ReplayOf,
            CallbackOf = origin.CallbackOf,
            Workflow = origin.Workflow,
        };
        JobSpecRules.Check(spec);
        return (lane, spec);
    }
}
