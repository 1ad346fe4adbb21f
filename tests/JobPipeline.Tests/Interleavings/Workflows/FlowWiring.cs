using System.Text;
using JobPipeline.Configuration;
using JobPipeline.Diagnostics;
using JobPipeline.Execution;
using JobPipeline.Execution.Verdicts;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Testing;
using JobPipeline.Tests.Rig;
using JobPipeline.Workflows.Activities;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Local;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace JobPipeline.Tests.Interleavings.Workflows;

/// <summary>The storage that all actors share.</summary>
internal sealed class FlowStorage(TimeProvider time)
{
    public InMemoryJobStore Jobs { get; } = new();

    public InMemoryQueue Queue { get; } = new(time);

    public InMemoryWorkflowStore Instances => field ??= new InMemoryWorkflowStore(Values);

    public InMemoryWorkflowData Values { get; } = new();

    public InMemoryUniqueKeyStore Keys { get; } = new();

    public InMemoryDeadLetterStore DeadLetters { get; } = new();

    public InMemoryPayloadStore Payloads { get; } = new(time);
}

/// <summary>The real executor, runner and runtime of one actor, on gated ports.</summary>
internal sealed class FlowWiring : ILocalTurns
{
    /// <summary>One for all runs: a meter is kept as long as the process, with all that its instruments refer to.</summary>
    private static readonly JobMetrics Metrics = new();

    private static readonly FaultRules Errors = new([new InjectedFaults(), new ExpressionOutageRule()]);

    private readonly Wiring _jobs;
    private readonly LocalTurns _turns;
    private Task _lastTurn = Task.CompletedTask;

    public FlowWiring(
        FlowStorage storage,
        FlowScenario scenario,
        Actor actor,
        Scheduler scheduler,
        FlowHistory history,
        TimeProvider time,
        JobInvoker invoker,
        FlowPause pause,
        Action<FlowWiring, QueueDelivery> start)
    {
        var instances = new MutatedWorkflowStore(new GatedWorkflowStore(storage.Instances, actor, scheduler, history), scenario.Mutation);
        var values = new MutatedWorkflowData(new GatedWorkflowData(storage.Values, actor, scheduler, history), scenario.Mutation);
        var queue = new GatedFlowQueue(storage.Queue, actor, scheduler, history, values.FlushAsync);
        var events = new WorkflowEvents(queue, time);
        var results = new StepResults(instances, values, events);
        var queued = new QueuedWorkflowSignals(results, storage.Payloads);
        var direct = new DirectWorkflowSignals(this, queued, events, NullLogger<DirectWorkflowSignals>.Instance);
        _jobs = new Wiring(
            new GatedJobRows(storage.Jobs, actor, scheduler, history),
            queue,
            storage.Keys,
            storage.DeadLetters,
            storage.Payloads,
            time,
            actor.Name,
            Interleavings.Mutation.None,
            invoker,
            signals: scenario.IsInMemory ? direct : queued,
            gate: new FlowPauseGate(pause, time),
            own: new FlowOwnDelivery(storage.Queue, scenario, actor, scheduler, history, pause, delivery => start(this, delivery)),
            isQuick: scenario.IsQuick);
        var evaluator = new PathEvaluator();
        var edge = new StepInputResolver(values, evaluator);
        var starter = new WorkflowStarter(instances, values, events, Metrics, time);
        var catalog = new WorkflowCatalog(
            scenario.Child is { } child ? [Read("sub", child, "${{ steps.a.output }}")] : [],
            new WorkflowValidator(_jobs.Registry, evaluator));
        var effects = new LocalEffects(
            new ChildDefinitions(catalog, time, Options.Create(new JobPipelineOptions())),
            edge,
            new LocalJobEffects(new StepRequests(edge, _jobs.Client), _jobs.StepSender, values),
            new InstanceValues(edge, values, Metrics, NullLogger<InstanceValues>.Instance),
            events,
            results,
            starter,
            _jobs.Client,
            Errors,
            NullLogger<LocalEffects>.Instance);
        _turns = new LocalTurns(
            instances,
            values,
            effects,
            time,
            Options.Create(new JobPipelineOptions()),
            NullLogger<LocalTurns>.Instance,
            scenario.IsInMemory ? new KnownInstances() : null);
        Runner = new LocalWorkflowRunner(this, _turns, Errors, storage.DeadLetters, time, NullLogger<LocalWorkflowRunner>.Instance);
        Workflows = new LocalWorkflows(instances, values, events, starter, new WorkflowPurge(instances, values), time);
    }

    public DeliveryExecutor Executor => _jobs.Executor;

    public LocalWorkflowRunner Runner { get; }

    public IWorkflowRuntime Workflows { get; }

    /// <summary>Applies events, one turn at a time.</summary>
    public async Task<TurnResult> ApplyAsync(string id, IReadOnlyList<LocalEvent> events, CancellationToken cancellationToken)
    {
        var (before, mine) = (_lastTurn, new TaskCompletionSource());
        _lastTurn = mine.Task;
        await before;
        try
        {
            return await _turns.ApplyAsync(id, events, cancellationToken);
        }
        finally
        {
            mine.SetResult();
        }
    }

    public static WorkflowDefinition Read(string name, string steps, string output) =>
        WorkflowReader.Read(
            Encoding.UTF8.GetBytes($$"""{ "name": "{{name}}", "output": "{{output}}", "steps": { {{steps}} } }"""),
            out var faults
        ) ?? throw new InvalidOperationException(string.Join("; ", faults));
}

/// <summary>A step's job that runs the scenario's script.</summary>
internal sealed class FlowInvoker(Func<JobContext, Task<JobOutcome?>> act) : JobInvoker
{
    public override Type HandlerType => typeof(FlowInvoker);

    public override Type PayloadType => typeof(object);

    public override IReadOnlyList<ValidationError> Check(ReadOnlyMemory<byte> payload) => [];

    public override object Parse(ReadOnlyMemory<byte> payload) => payload;

    public override Task<JobOutcome?> InvokeAsync(
        IServiceProvider services,
        object payload,
        JobContext context,
        CancellationToken cancellationToken
    ) => act(context);
}

/// <summary>Classifies injected faults as outages of the storage.</summary>
internal sealed class InjectedFaults : IOutageRule
{
    public bool? IsOutage(Exception error) => error is InjectedFaultException ? true : null;
}
