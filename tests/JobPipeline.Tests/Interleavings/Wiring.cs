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
using JobPipeline.Jobs;
using JobPipeline.Limits.Circuits;
using JobPipeline.Limits.Pauses;
using JobPipeline.Maintenance.Instances;
using JobPipeline.Testing;
using JobPipeline.Workflows.Instances;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace JobPipeline.Tests.Interleavings;

/// <summary>The real executor and client on given ports, wired by hand: a run of the suite takes microseconds.</summary>
internal sealed class Wiring
{
    public const string JobType = "scripted";
    public const string BulkType = BulkReplayJob.Type;
    public const string CallbackType = "told";
    public const int MaxAttempts = 3;
    public const int MaxDeaths = 3;

    private static readonly IOptions<JobPipelineOptions> Options = Microsoft.Extensions.Options.Options.Create(new JobPipelineOptions { MaxDeaths = MaxDeaths });
    private static readonly IOptions<JobPipelineOptions> NoGrace =
        Microsoft.Extensions.Options.Options.Create(new JobPipelineOptions { UnknownTypeGrace = TimeSpan.Zero });

    private static readonly IOptions<ChaosOptions> NoChaos = Microsoft.Extensions.Options.Options.Create(new ChaosOptions());
    private static readonly JobMetrics Metrics = new();

    private readonly EarlyAcknowledgingStore? _early;

    public Wiring(
        IJobStore store,
        IJobQueue queue,
        IUniqueKeyStore keyStore,
        IDeadLetterStore letters,
        IPayloadStore payloads,
        TimeProvider time,
        string name,
        Mutation mutation,
        JobInvoker invoker,
        bool hasCallback = false,
        IWorkflowSignals? signals = null,
        IInstanceStore? fleet = null,
        bool isStranger = false)
    {
        if (mutation == Mutation.FenceDropped)
            store = new UnfencedStore(store);
        if (mutation == Mutation.AcknowledgeBeforeCommit)
            store = _early = new EarlyAcknowledgingStore(store);

        var worker = new WorkerIdentity(name);
        var variation = mutation.ToVariation();
        var registry = Registry = new JobRegistry(isStranger ? [] :
        [
            new JobDescriptor
            {
                Type = JobType,
                Queue = JobLanes.Normal,
                MaxAttempts = MaxAttempts,
                Timeout = TimeSpan.FromMinutes(5),
                Backoff = new RetrySchedule(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1)),
                Invoker = invoker,
                OnDeadLetter = hasCallback ? CallbackType : null,
            },
            new JobDescriptor
            {
                Type = CallbackType,
                Queue = JobLanes.Normal,
                MaxAttempts = MaxAttempts,
                Timeout = TimeSpan.FromMinutes(5),
                Backoff = new RetrySchedule(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1)),
                Invoker = invoker,
                // A loop, if there were nothing against it.
                OnDeadLetter = CallbackType,
            },
            new JobDescriptor
            {
                Type = BulkType,
                Queue = JobLanes.Normal,
                MaxAttempts = MaxAttempts,
                Timeout = TimeSpan.FromMinutes(5),
                Backoff = new RetrySchedule(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1)),
                Invoker = new BulkInvoker(() => new BulkReplayJob(Replayer!, letters, time)),
            },
        ]);
        var keys = new UniqueKeys(keyStore, store, payloads, queue, time, Options);
        if (mutation == Mutation.UnknownTypeBuriedAtOnce)
            fleet = null;
        var beats = Microsoft.Extensions.Options.Options.Create(new InstanceOptions());
        var types = new FleetTypes(registry, fleet, worker, time, beats, Options);
        var grace = mutation == Mutation.UnknownTypeBuriedAtOnce ? NoGrace : Options;
        var gate = new UnknownTypeGate(types, new LeftJobs(), store, Metrics, time, grace, NullLogger<UnknownTypeGate>.Instance);
        var canceller = new JobCanceller(registry, store, Metrics, time, worker);
        Client = new JobClient(registry, types, store, queue, payloads, keys, canceller, Metrics, time);
        var errors = new ErrorCounter(
            new InMemoryErrorGroupStore(), Metrics, worker, Microsoft.Extensions.Options.Options.Create(new ErrorGroupOptions()), Options, NullLogger<ErrorCounter>.Instance);
        var followUps = new FollowUps(queue, letters, new DeadLetterCallbacks(Client, NullLogger<DeadLetterCallbacks>.Instance), errors, signals ?? new NoWorkflowSignals(), Metrics, time, NullLogger<FollowUps>.Instance);
        var circuits = new CircuitRegistry(registry, Options, time, Metrics, NullLogger<CircuitRegistry>.Instance);
        Replayer = new Replayer(letters, Client, payloads, time, Options, NullLogger<Replayer>.Instance, variation);
        var executor = new JobExecutor(
            new Admission(registry, payloads, store, keys, NoPauses(time), Metrics, time, NullLogger<Admission>.Instance),
            new Claimant(store, followUps, circuits, gate, Metrics, time, Options, worker, NullLogger<Claimant>.Instance, variation),
            new HandlerRunner(new NoScopes(), store, Client, new HandlerThread(isInline: true), time, Options, NoChaos, NullLogger<HandlerRunner>.Instance),
            new VerdictRules(new ErrorClassifier([])),
            circuits,
            followUps,
            payloads,
            new InFlightJobs(),
            Metrics,
            time,
            worker,
            NullLogger<JobExecutor>.Instance,
            variation);
        Executor = new DeliveryExecutor(executor, followUps, new MessageResender(followUps, Metrics, time, NullLogger<MessageResender>.Instance), store, new WaitingMessages(), time, Options);
    }

    public JobRegistry Registry { get; }

    public JobClient Client { get; }

    public Replayer Replayer { get; }

    public DeliveryExecutor Executor { get; }

    /// <summary>Writes what a mutation has held back.</summary>
    public Task CommitAsync() => _early?.CommitAsync() ?? Task.CompletedTask;

    private static PauseRegistry NoPauses(TimeProvider time) =>
        new(new InMemoryPauseStore(), time, Microsoft.Extensions.Options.Options.Create(new PauseOptions()), NullLogger<PauseRegistry>.Instance);

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

/// <summary>A handler that does what the scenario says.</summary>
internal sealed class ScriptedInvoker(Func<JobContext, Guid, Task<JobOutcome?>> act) : JobInvoker
{
    public override Type HandlerType => typeof(ScriptedInvoker);

    public override Type PayloadType => typeof(object);

    public override IReadOnlyList<FieldFault> Check(ReadOnlyMemory<byte> payload) => [];

    public override object Parse(ReadOnlyMemory<byte> payload) => payload;

    public override Task<JobOutcome?> InvokeAsync(IServiceProvider services, object payload, JobContext context, CancellationToken cancellationToken) =>
        act(context, ((ClaimedJobContext)context).ClaimId);
}

/// <summary>The real bulk replay.</summary>
internal sealed class BulkInvoker(Func<BulkReplayJob> handler) : JobInvoker
{
    public override Type HandlerType => typeof(BulkReplayJob);

    public override Type PayloadType => typeof(BulkReplayPayload);

    public override IReadOnlyList<FieldFault> Check(ReadOnlyMemory<byte> payload) => [];

    public override object Parse(ReadOnlyMemory<byte> payload) => Parse<BulkReplayPayload>(payload);

    public override async Task<JobOutcome?> InvokeAsync(IServiceProvider services, object payload, JobContext context, CancellationToken cancellationToken) =>
        (await handler().HandleAsync((BulkReplayPayload)payload, context, cancellationToken)).Outcome;
}
