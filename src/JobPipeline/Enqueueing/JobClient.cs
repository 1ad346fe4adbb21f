using System.Diagnostics;
using JobPipeline.Diagnostics;
using JobPipeline.Handlers;
using JobPipeline.Instances;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Enqueueing;

/// <summary>The result of enqueuing a job.</summary>
/// <param name="Id">The job. For a duplicate, the job that holds the unique key.</param>
/// <param name="IsDuplicate">Whether the unique key was already held, so that no new job was created.</param>
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
    /// Validates a request, including its payload, and returns all validation errors; empty when the request can be enqueued. For
    /// a type that only another instance has a handler for (<see cref="KnowsAsync"/>), the payload is validated when the job
    /// runs.
    /// </summary>
    public IReadOnlyList<ValidationError> Validate(JobRequest request) =>
        JobRequestRules.Errors(request, _registry, type => _fleet.QueueOf(type) is null ? _fleet.WhyUnknown(type) : null);

    /// <summary>
    /// Whether a handler for the type is registered in this process or on another running instance. The other instances are only
    /// queried when the type is not registered here, at most once a second.
    /// </summary>
    public ValueTask<bool> KnowsAsync(string type, CancellationToken cancellationToken = default) =>
        _fleet.KnowsAsync(type, cancellationToken);

    /// <summary>Validates the job request of a workflow step. The job type is not checked here but when the job is due.</summary>
    internal IReadOnlyList<ValidationError> ValidateStep(JobRequest request) =>
        JobRequestRules.Errors(request, _registry, static _ => null);

    /// <summary>Whether <see cref="EnqueueManyAsync"/> may pack the request with others into one message, if it is small enough.</summary>
    public bool MayTravelPacked(JobRequest request) =>
        _registry.Find(request.Type) is { MayTravelPacked: true } && request.Key is null && request.NotBefore is null;

    /// <summary>
    /// Enqueues a job: first its message, which keeps the job alive, then its record. If this throws, the job may or may not have
    /// been enqueued; repeat the call with a unique key to make sure that it is enqueued only once.
    /// </summary>
    /// <exception cref="MessageFormatException">The request is invalid.</exception>
    /// <exception cref="UnknownJobTypeException">
    /// No handler is registered for the type, neither on this instance nor on another running one.
    /// </exception>
    /// <exception cref="JobKeyConflictException">The unique key is held by a job with a different payload.</exception>
    public Task<EnqueueResult> EnqueueAsync(JobRequest request, CancellationToken cancellationToken = default)
    {
        var now = _time.GetUtcNow();
        return EnqueueAsync(JobId.Create(now), request, default, now, cancellationToken);
    }

    /// <summary>
    /// Enqueues many jobs. Jobs of types that are expected to finish quickly, without a unique key or a start time, are packed.
    /// Returns the results in the order of the requests. Every request is checked before the first message is sent.
    /// </summary>
    /// <inheritdoc cref="EnqueueAsync(JobRequest, CancellationToken)" path="/exception"/>
    public async Task<IReadOnlyList<EnqueueResult>> EnqueueManyAsync(
        IReadOnlyList<JobRequest> requests, CancellationToken cancellationToken = default)
    {
        using var span = JobTracing.StartSendMany(requests.Count);
        var now = _time.GetUtcNow();
        var results = new EnqueueResult[requests.Count];
        var packs = new JobPacker();
        var singles = new List<int>();
        foreach (var type in requests.Select(request => request.Type).Distinct(StringComparer.Ordinal))
            await LookUpTypeAsync(type, cancellationToken);
        for (var i = 0; i < requests.Count; i++)
        {
            var (queue, spec) = Specify(requests[i], default, now);
            if (!MayTravelPacked(requests[i]) || !packs.TryAdd(queue, spec, i))
                singles.Add(i);
        }

        var parallel = new ParallelOptions { MaxDegreeOfParallelism = PacksAtATime, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, packs.Packs.Count, parallel, async (number, token) =>
        {
            var pack = packs.Packs[number];
            // The jobs of one pack share a timestamp, so their ids and rows share a storage partition. Each pack has its own timestamp,
            // which spreads packs over partitions.
            var moment = now - (JobId.Slice * (number % JobId.Slices));
            var jobs = pack.Jobs.ConvertAll(job => (Id: JobId.Create(moment), job.Spec, job.Index));
            await _enqueuer.EnqueuePackAsync(pack.Queue, jobs.ConvertAll(job => (job.Id, job.Spec)), token);
            foreach (var job in jobs)
                results[job.Index] = new EnqueueResult(job.Id, IsDuplicate: false);
        });

        foreach (var i in singles)
            results[i] = await EnqueueAsync(JobId.Create(now), requests[i], default, now, cancellationToken);
        return results;
    }

    /// <summary>Reads all rows of a job; returns <see cref="JobSnapshot.None"/> for an unknown job.</summary>
    public Task<JobSnapshot> GetAsync(JobId id, CancellationToken cancellationToken = default) => _store.ReadAsync(id, cancellationToken);

    /// <summary>Cancels a job that has not started, or requests a running job to stop.</summary>
    public Task<CancelOutcome> CancelAsync(JobId id, string reason, CancellationToken cancellationToken = default) =>
        _canceller.CancelAsync(id, reason, cancellationToken);

    internal async Task EnqueueChildAsync(
        JobId child, JobId parent, string? traceParent, JobRequest request, bool mayExist, CancellationToken cancellationToken)
    {
        if (mayExist && (await _store.ReadAsync(child, cancellationToken)).Record is not null)
            return;
        var origin = new JobOrigin(Parent: parent) { TraceParent = traceParent };
        await EnqueueAsync(child, request, origin, _time.GetUtcNow(), cancellationToken);
    }

    /// <summary>
    /// Enqueues the callback job of a dead letter. Idempotent: can be repeated when the outcome of an earlier call is unknown.
    /// </summary>
    internal Task EnqueueCallbackAsync(JobId id, JobId of, JobRequest request, CancellationToken cancellationToken) =>
        EnqueueAsync(id, request, new JobOrigin(CallbackOf: of), _time.GetUtcNow(), cancellationToken);

    /// <summary>Returns the queue and the specification of the job of a workflow step. Nothing is sent.</summary>
    internal async Task<(string Queue, JobSpec Spec)> SpecifyStepAsync(StepJob job, CancellationToken cancellationToken)
    {
        using var span = JobTracing.StartSend(job.Request.Type, job.TraceParent);
        await LookUpTypeAsync(job.Request.Type, cancellationToken);
        var origin = new JobOrigin(Workflow: job.Step) { TraceParent = job.TraceParent };
        var (queue, spec) = Specify(job.Request, origin, _time.GetUtcNow());
        JobTracing.Sent(span, job.Id, queue, spec);
        return (queue, spec);
    }

    /// <summary>Creates the delivery of a step's job for a host that executes it immediately. Nothing is sent.</summary>
    internal async Task<QueueDelivery> PrepareStepAsync(
        JobId id, JobRequest request, WorkflowOrigin step, string? traceParent, bool isNew, CancellationToken cancellationToken)
    {
        await LookUpTypeAsync(request.Type, cancellationToken);
        var now = _time.GetUtcNow();
        var (queue, spec) = Specify(request, new JobOrigin(Workflow: step), now);
        // The current trace is the host's own, a new one for each call.
        spec = spec with { TraceParent = traceParent ?? spec.TraceParent };
        spec = await _enqueuer.MoveLargePayloadAsync(id, spec, cancellationToken);
        if (isNew)
            _metrics.Enqueued(spec.Type, queue);
        return new QueueDelivery(queue, id.ToString(), now, isNew ? 1 : 2, JobMessageWriter.Write(id, 1, spec), "");
    }

    /// <summary>Counts the job of a step as enqueued that <see cref="PrepareStepAsync"/> will prepare as one that is not new.</summary>
    internal void CountStep(string type, WorkflowOrigin step) => _metrics.Enqueued(type, QueueOf(type, new JobOrigin(Workflow: step)));

    /// <summary>Cancels the job of a step. If the job is unknown, it is recorded and cancelled, so that it never starts.</summary>
    internal async Task<CancelOutcome> CancelStepAsync(
        JobId id,
        JobRequest request,
        WorkflowOrigin step,
        string reason,
        CancellationToken cancellationToken,
        bool sparesStarted = false)
    {
        if (await _canceller.CancelAsync(id, reason, cancellationToken, sparesStarted) is not CancelOutcome.NotFound and var outcome)
            return outcome;
        await LookUpTypeAsync(request.Type, cancellationToken);
        var now = _time.GetUtcNow();
        var (queue, spec) = Specify(request, new JobOrigin(Workflow: step), now);
        return await _canceller.TryCancelUnrecordedAsync(id, queue, spec, reason, cancellationToken)
            ? CancelOutcome.Cancelled
            : await _canceller.CancelAsync(id, reason, cancellationToken, sparesStarted);
    }

    /// <summary>
    /// Enqueues a job whose id and spec are already fixed, without a unique key. Idempotent: a repeated call sends the same
    /// message and inserts the record only if it is missing.
    /// </summary>
    internal async Task EnqueueDecidedAsync(JobId id, string queue, JobSpec spec, CancellationToken cancellationToken)
    {
        using var span = JobTracing.StartSend(spec.Type, traceParent: null);
        JobTracing.Sent(span, id, queue, spec);
        await _enqueuer.EnqueueAsync(id, queue, spec, cancellationToken);
    }

    private async Task<EnqueueResult> EnqueueAsync(
        JobId id, JobRequest request, JobOrigin origin, DateTimeOffset now, CancellationToken cancellationToken)
    {
        using var span = JobTracing.StartSend(request.Type, origin.TraceParent);
        await LookUpTypeAsync(request.Type, cancellationToken);
        var (queue, spec) = Specify(request, origin, now);
        JobTracing.Sent(span, id, queue, spec);
        return await _enqueuer.EnqueueAsync(id, queue, spec, cancellationToken);
    }

    private async ValueTask LookUpTypeAsync(string type, CancellationToken cancellationToken)
    {
        if (_registry.Find(type) is null)
            await _fleet.KnowsAsync(type, cancellationToken);
    }

    /// <summary>
    /// Gets the queue of a type. The job of a workflow step whose type has no handler on any running instance goes to the normal
    /// queue.
    /// </summary>
    private string QueueOf(string type, JobOrigin origin) =>
        _registry.Find(type)?.Queue ?? _fleet.QueueOf(type)
        ?? (origin.Workflow is not null ? PriorityQueues.Normal : throw new UnknownJobTypeException(_fleet.WhyUnknown(type)));

    private (string Queue, JobSpec Spec) Specify(JobRequest request, JobOrigin origin, DateTimeOffset now)
    {
        var home = QueueOf(request.Type, origin);
        var queue = request.Queue ?? home;
        if (JobRequestRules.ErrorOfQueue(queue) is { } error)
            throw new MessageFormatException(error);
        var spec = request.ToSpec(PayloadJson.Normalise(request.Payload, "payload"), now) with
        {
            TraceParent = Activity.Current?.Id ?? origin.TraceParent,
            Parent = origin.Parent,
            ReplayOf = origin.ReplayOf,
            CallbackOf = origin.CallbackOf,
            Workflow = origin.Workflow,
        };
        JobSpecRules.Check(spec);
        return (queue, spec);
    }
}
