using System.Text;
using JobPipeline.Configuration;
using JobPipeline.DurableEngine;
using JobPipeline.Execution.Running;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Functions.Durable;
using JobPipeline.Functions.StartUp;
using JobPipeline.Functions.Tests.Support;
using JobPipeline.Functions.Tests.Workflows.Stage;
using JobPipeline.Hosting;
using JobPipeline.Jobs;
using JobPipeline.Testing;
using JobPipeline.Tests.Rig;
using JobPipeline.Workflows.Activities;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using static JobPipeline.Tests.Rig.FlowRig;

namespace JobPipeline.Functions.Tests.Durable;

/// <summary>
/// The app's orchestrator and activities on the double of the engine and on storage in memory, with a world that interferes with the
/// first copy of a strand before one of its storage operations.
/// </summary>
internal sealed class StrandRig : IAsyncDisposable
{
    public const int Steps = 6;

    private readonly ServiceProvider _services;
    private readonly StrandWorld _world;
    private readonly InMemoryJobStore _jobs = new();
    private readonly StrandMutation _mutation;
    private readonly TaskCompletionSource _interfered = new();

    public StrandRig(StrandMutation mutation = StrandMutation.None, params string[] steps)
    {
        _mutation = mutation;
        _world = new StrandWorld(_jobs, mutation);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new($"JobPipeline:Jobs:{FlowJob.Type}:{nameof(JobTypeOptions.ExpectedDuration)}", "00:00:00.020"),
        ]).Build();
        var values = new InMemoryWorkflowData();
        var instances = new InMemoryWorkflowStore(values);
        var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration)
            .AddSingleton<TimeProvider>(Time)
            .AddSingleton(Script)
            .AddSingleton<Script>()
            .AddSingleton<IExpressionEvaluator, PathEvaluator>()
            .AddSingleton(new HandlerThread(isInline: true))
            .AddSingleton(_jobs)
            .AddSingleton<IJobStore>(_world)
            .AddSingleton<IWorkflowStore>(instances)
            .AddSingleton<IWorkflowData>(new StrandValuesWorld(_world, values))
            .AddSingleton<IStrandStore>(new StrandClaimsWorld(_world, new InMemoryStrandStore(instances), mutation))
            .AddInMemoryStorage(new InMemoryQueue(Time))
            .AddWorkflow(WorkflowReader.Read(Encoding.UTF8.GetBytes(Flow(steps.Length > 0 ? steps : Chain())), out _)!);
        _services = services.AddFunctionsApp(configuration, typeof(FlowJob).Assembly)
            .PostConfigure<FunctionsHostOptions>(options => options.FunctionTimeout = FunctionTimeout ?? options.FunctionTimeout)
            .BuildServiceProvider();
        Engine = new OrchestrationDouble(Time) { CutsTimersDown = true };
        Engine.AddOrchestrator(WorkflowOrchestrator.Name, RunOrchestratorAsync);
        foreach (var (function, _) in FunctionMethods.With<ActivityTriggerAttribute>())
        {
            var (name, activity) = (FunctionMethods.NameOf(function), new ActivityFunction(_services, function));
            Engine.AddActivity(name, input =>
            {
                Activities.Add(name);
                return name == StrandActivities.Run ? RunStrandAsync(activity, input) : activity.RunAsync(input);
            });
        }

        _services.GetRequiredService<DurableClients>().Use(new DurableClientDouble(Engine));
    }

    public VirtualTimeProvider Time { get; } = new();

    public OrchestrationDouble Engine { get; }

    public FlowScript Script { get; } = new();

    public List<string> Activities { get; } = [];

    public IWorkflowRuntime Workflows => _services.GetRequiredService<IWorkflowRuntime>();

    /// <summary>The number of the storage operation of the first copy before which the world interferes.</summary>
    public int At { get; init; } = int.MaxValue;

    /// <summary>What the world does then.</summary>
    public Func<Task>? Does { get; init; }

    /// <summary>Whether the copy stops, and when another copy answers; null if it goes on.</summary>
    public TimeSpan? StopsFor { get; init; }

    /// <summary>The time limit of a function execution; null for that of host.json.</summary>
    public TimeSpan? FunctionTimeout { get; init; }

    /// <inheritdoc cref="StrandWorld.AreOthersAhead"/>
    public bool AreOthersAhead
    {
        init => _world.AreOthersAhead = value;
    }

    /// <summary>Whether the copy was interfered with: a later operation does not exist otherwise.</summary>
    public bool WasInterfered => _interfered.Task.IsCompleted;

    /// <summary>Whether the stopped copy goes on as soon as another one has answered.</summary>
    public bool GoesOnAtOnce { get; init; }

    /// <summary>Lets the stopped copy go on.</summary>
    public TaskCompletionSource GoOn { get; } = new();

    /// <summary>The end of the copy that was interfered with.</summary>
    public Task Copy { get; private set; } = Task.CompletedTask;

    public IReadOnlyList<DeadLetter> DeadLetters =>
        ((InMemoryDeadLetterStore)_services.GetRequiredService<IDeadLetterStore>()).All();

    /// <summary>Returns a chain of steps, each with a compensation.</summary>
    public static string[] Chain(Func<int, string>? more = null) =>
    [
        .. Enumerable.Range(0, Steps).Select(i => Work(
            $"s{i}",
            $"{(i == 0 ? "" : $"\"needs\": [\"s{i - 1}\"], ")}{Undo($"s{i}")}{more?.Invoke(i)}",
            i == 0 ? "null" : $"\"${{{{ steps.s{i - 1}.output }}}}\"")),
    ];

    /// <summary>Starts the workflow and runs it until nothing is left to do.</summary>
    public async Task<WorkflowState> RunAsync()
    {
        var token = TestContext.Current.CancellationToken;
        var definition = _services.GetRequiredService<WorkflowCatalog>().Find("flow")!;
        Assert.True(await Workflows.StartAsync(definition, FlowRig.Id, default, correlationId: null, token));
        await Engine.RunUntilIdleAsync(token);
        return await StateAsync();
    }

    public async Task<WorkflowState> StateAsync() => (await Workflows.ReadAsync(FlowRig.Id, CancellationToken.None))!.State;

    public async Task AskAsync(WorkflowEvent request) =>
        Assert.True(await Workflows.RequestAsync(FlowRig.Id, request, CancellationToken.None));

    /// <inheritdoc cref="StrandWorld.OutsideAsync"/>
    public Task OutsideAsync(Func<Task> work) => _world.OutsideAsync(work);

    /// <summary>Returns the number of jobs of a step that have ended in a state.</summary>
    public int Count(string step, JobState state, bool isUndo = false) => _jobs.Records.Count(record =>
        record.Spec.Workflow is { Run: var run } && run.Step == step && run.IsCompensation == isUndo && record.Status.State == state);

    public override string ToString() =>
        $"{string.Join(' ', Activities)}; {string.Join(' ', Script.Starts)}; {GoOn.Task.Status} {Copy.Status} {DeadLetters.Count}";

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private async Task<object?> RunOrchestratorAsync(Microsoft.DurableTask.TaskOrchestrationContext context)
    {
        if (_mutation != StrandMutation.RequestAppliedWhileOut)
            return await WorkflowOrchestrator.RunAsync(context);
        var passage = OrchestrationJson.Read<OrchestrationInput>(context.GetInput<string>()!);
        return OrchestrationJson.Write(await new Interpreter(context, passage, isHolding: false).RunAsync());
    }

    private async Task<object?> RunStrandAsync(ActivityFunction activity, string? input)
    {
        if (At == int.MaxValue || WasInterfered || Copy != Task.CompletedTask)
            return await RunCopyAsync(activity, input);
        StrandWorld.Copy? copy = null;
        copy = new StrandWorld.Copy(At, async () =>
        {
            copy!.IsStopped = StopsFor is not null;
            _interfered.TrySetResult();
            if (Does is not null && copy.IsFirst)
                await Does();
            if (copy.IsStopped)
                await GoOn.Task;
        });
        var run = _world.RunAsync(copy, () => RunCopyAsync(activity, input));
        Copy = run;
        if (StopsFor is not { } later || await Task.WhenAny(run, _interfered.Task) == run)
            return await run;
        // Another worker receives the message.
        Time.Advance(later);
        var answer = await RunCopyAsync(activity, input);
        if (GoesOnAtOnce)
            GoOn.TrySetResult();
        return answer;
    }

    private Task<object?> RunCopyAsync(ActivityFunction activity, string? input) => activity.RunAsync(
        _mutation == StrandMutation.IdsFromTheWorkersClock ? WithIdsAt(input, Time.GetUtcNow()) : input);

    private static string WithIdsAt(string? input, DateTimeOffset at)
    {
        var order = OrchestrationJson.Read<StrandInput>(DurableJson.Read<string>(input, DurableJson.Default)!);
        return DurableJson.Write(OrchestrationJson.Write(order with { IdsAt = at }), DurableJson.Default)!;
    }
}
