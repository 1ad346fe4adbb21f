using JobPipeline.Configuration;
using JobPipeline.Diagnostics;
using JobPipeline.Enqueueing;
using JobPipeline.Execution;
using JobPipeline.Execution.Claims;
using JobPipeline.Execution.Running;
using JobPipeline.Execution.UnknownTypes;
using JobPipeline.Execution.Verdicts;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Failures.ErrorGroups;
using JobPipeline.Failures.Replays;
using JobPipeline.Handlers;
using JobPipeline.Instances;
using JobPipeline.Jobs;
using JobPipeline.Limits;
using JobPipeline.Limits.Rules;
using JobPipeline.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace JobPipeline.Tests.Interleavings;

/// <summary>The real executor and client on given ports, wired by hand so that one run takes microseconds.</summary>
internal sealed class Wiring
{
    public const string JobType = "scripted";
    public const string BulkType = BulkReplayJob.Type;
    public const string CallbackType = "told";
    public const int MaxAttempts = 3;
    public const int MaxDeaths = 3;

    private static readonly IOptions<JobPipelineOptions> Options = Microsoft.Extensions.Options.Options.Create(
        new JobPipelineOptions { MaxDeaths = MaxDeaths });
    private static readonly IOptions<JobPipelineOptions> NoGrace = Microsoft.Extensions.Options.Options.Create(
        new JobPipelineOptions { UnknownTypeGrace = TimeSpan.Zero });

    private static readonly IOptions<ChaosOptions> NoChaos = Microsoft.Extensions.Options.Options.Create(new ChaosOptions());
    private static readonly JobMetrics Metrics = new();

    private readonly HeldWrites _held = new();

    public Wiring(
        IJobStore store,
        IJobQueue queue,
        IUniqueKeyStore keyStore,
        IDeadLetterStore deadLetters,
        IPayloadStore payloads,
        TimeProvider time,
        string name,
        Mutation mutation,
        JobInvoker invoker,
        bool hasCallback = false,
        IWorkflowSignals? signals = null,
        IInstanceStore? fleet = null,
        bool isStranger = false,
        IStartGate? gate = null,
        IOwnDelivery? own = null,
        bool isQuick = false)
    {
        if (mutation == Mutation.FenceDropped)
            store = new UnfencedStore(store);
        if (mutation == Mutation.LeaseIgnored)
            store = new ExpiredLeaseStore(store);
        if (mutation == Mutation.AcknowledgeBeforeCommit)
            store = new LateStore(store, _held, JobState.Succeeded, JobState.Retrying);
        if (mutation == Mutation.FollowUpBeforeRecord)
            store = new LateStore(store, _held, JobState.Succeeded, JobState.Retrying, JobState.DeadLettered);
        if (mutation is Mutation.FollowUpBeforeRecord or Mutation.ReplaySentBeforeLink)
        {
            queue = new FirstQueue(queue, _held);
            deadLetters = new FirstDeadLetters(deadLetters, _held, holdsReplays: mutation == Mutation.ReplaySentBeforeLink);
        }

        var worker = new WorkerIdentity(name);
        var registry = Registry = new JobRegistry(isStranger ? [] :
        [
            new JobDescriptor
            {
                Type = JobType,
                Queue = PriorityQueues.Normal,
                MaxAttempts = MaxAttempts,
                Timeout = TimeSpan.FromMinutes(5),
                Backoff = new RetrySchedule(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1)),
                Invoker = invoker,
                OnDeadLetter = hasCallback ? CallbackType : null,
                ExpectedDuration = isQuick ? TimeSpan.FromMilliseconds(10) : null,
            },
            new JobDescriptor
            {
                Type = CallbackType,
                Queue = PriorityQueues.Normal,
                MaxAttempts = MaxAttempts,
                Timeout = TimeSpan.FromMinutes(5),
                Backoff = new RetrySchedule(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1)),
                Invoker = invoker,
                // The type is its own callback, which would loop without the guard against it.
                OnDeadLetter = CallbackType,
            },
            new JobDescriptor
            {
                Type = BulkType,
                Queue = PriorityQueues.Normal,
                MaxAttempts = MaxAttempts,
                Timeout = TimeSpan.FromMinutes(5),
                Backoff = new RetrySchedule(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1)),
                Invoker = new BulkInvoker(() => new BulkReplayJob(Replayer!, deadLetters, time)),
            },
        ]);
        var keys = new UniqueKeys(keyStore, store, payloads, queue, time, Options);
        if (mutation == Mutation.UnknownTypeBuriedAtOnce)
            fleet = null;
        var beats = Microsoft.Extensions.Options.Options.Create(new InstanceOptions());
        var types = new FleetTypes(registry, fleet, worker, time, beats, Options);
        var grace = mutation == Mutation.UnknownTypeBuriedAtOnce ? NoGrace : Options;
        var enqueuer = new Enqueuer(store, queue, payloads, keys, Metrics, time);
        var unknownTypes = new UnknownTypeGate(types, new LeftJobs(), enqueuer, time, grace, NullLogger<UnknownTypeGate>.Instance);
        // No type has a limit here.
        var jobGates = new JobGates(new LimitRegistry(registry, Options), new LimitKeys(payloads, []));
        var parked = new ParkedJobs(jobGates, null!, null!, null!, time, NullLogger<ParkedJobs>.Instance);
        var canceller = new JobCanceller(registry, store, parked, Metrics, time, worker);
        Client = new JobClient(registry, types, store, enqueuer, canceller, Metrics, time);
        StepSender = new StepSender(Client, enqueuer, queue, own ?? new NoOwnDelivery(), Metrics);
        var errors = new ErrorCounter(
            new InMemoryErrorGroupStore(),
            Metrics,
            worker,
            Microsoft.Extensions.Options.Options.Create(new ErrorGroupOptions()),
            Options,
            NullLogger<ErrorCounter>.Instance);
        var sender = new AttemptSender(queue, time);
        var callbacks = new DeadLetterCallbacks(Client, NullLogger<DeadLetterCallbacks>.Instance);
        var deadLetterWriter = new DeadLetterWriter(deadLetters, callbacks, errors, Metrics, time, NullLogger<DeadLetterWriter>.Instance);
        var followUps = new FollowUps(
            sender, deadLetterWriter, signals ?? new NoWorkflowSignals(), errors, parked, NullLogger<FollowUps>.Instance);
        Replayer = new Replayer(deadLetters, Client, payloads, time, Options, NullLogger<Replayer>.Instance);
        var executor = new JobExecutor(
            new Admission(
                registry,
                payloads,
                enqueuer,
                store,
                new StartGates(gate is null ? [] : [gate]),
                time,
                NullLogger<Admission>.Instance),
            new Claimant(
                store, sender, deadLetterWriter, followUps, unknownTypes, Metrics, time, Options, worker, NullLogger<Claimant>.Instance),
            new HandlerRunner(
                new NoScopes(),
                store,
                Client,
                new HandlerThread(isInline: true),
                time,
                Options,
                NoChaos,
                NullLogger<HandlerRunner>.Instance),
            new VerdictRules(new ErrorClassifier([])),
            new OutcomeRecorder(payloads, time, NullLogger<OutcomeRecorder>.Instance),
            followUps,
            new InFlightJobs(),
            new AttemptMeter(Metrics),
            time,
            worker,
            NullLogger<JobExecutor>.Instance);
        var resender = new MessageResender(sender, Metrics, time, NullLogger<MessageResender>.Instance);
        Executor = new DeliveryExecutor(
            executor, followUps, sender, deadLetterWriter, resender, store, new WaitingMessages(), time, Options);
    }

    public JobRegistry Registry { get; }

    public StepSender StepSender { get; }

    public JobClient Client { get; }

    public Replayer Replayer { get; }

    public DeliveryExecutor Executor { get; }

    /// <summary>Writes what a mutation has held back.</summary>
    public Task CommitAsync() => _held.CommitAsync();

    private sealed class NoScopes : IServiceScopeFactory, IServiceScope, IServiceProvider
    {
        public IServiceProvider ServiceProvider => this;

        public IServiceScope CreateScope() => this;

        public object? GetService(Type serviceType) => null;

        public void Dispose()
        {
        }
    }
}

/// <summary>A handler that runs the scenario's script.</summary>
internal sealed class ScriptedInvoker(Func<JobContext, Guid, Task<JobOutcome?>> act) : JobInvoker
{
    public override Type HandlerType => typeof(ScriptedInvoker);

    public override Type PayloadType => typeof(object);

    public override IReadOnlyList<ValidationError> Check(ReadOnlyMemory<byte> payload) => [];

    public override object Parse(ReadOnlyMemory<byte> payload) => payload;

    public override Task<JobOutcome?> InvokeAsync(
        IServiceProvider services,
        object payload,
        JobContext context,
        CancellationToken cancellationToken
    ) => act(context, ((ClaimedJobContext)context).ClaimId);
}

/// <summary>The real bulk replay.</summary>
internal sealed class BulkInvoker(Func<BulkReplayJob> handler) : JobInvoker
{
    public override Type HandlerType => typeof(BulkReplayJob);

    public override Type PayloadType => typeof(BulkReplayPayload);

    public override IReadOnlyList<ValidationError> Check(ReadOnlyMemory<byte> payload) => [];

    public override object Parse(ReadOnlyMemory<byte> payload) => Parse<BulkReplayPayload>(payload);

    public override async Task<JobOutcome?> InvokeAsync(
        IServiceProvider services,
        object payload,
        JobContext context,
        CancellationToken cancellationToken
    ) => (await handler().HandleAsync((BulkReplayPayload)payload, context, cancellationToken)).Outcome;
}
