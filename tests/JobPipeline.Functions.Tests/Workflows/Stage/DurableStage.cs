using JobPipeline.Configuration;
using JobPipeline.DurableEngine;
using JobPipeline.Functions.Durable;
using JobPipeline.Functions.StartUp;
using JobPipeline.Functions.Tests.Support;
using JobPipeline.Jobs;
using JobPipeline.Testing;
using JobPipeline.Tests.Rig;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Functions.Tests.Workflows.Stage;

/// <summary>
/// The app's orchestrator and activities on the double of the Durable engine, with its jobs and workflow instances on Azurite.
/// </summary>
internal sealed class DurableStage : WorkflowStage
{
    private readonly List<string> _activities = [];
    private readonly VirtualDelayQueue _queue;
    private readonly FunctionsHostDouble _host;

    private DurableStage(ServiceProvider services, VirtualTimeProvider time)
        : base(services, time)
    {
        Engine = new OrchestrationDouble(time) { CutsTimersDown = true };
        Engine.AddOrchestrator(WorkflowOrchestrator.Name, async context => await WorkflowOrchestrator.RunAsync(context));
        foreach (var (function, _) in FunctionMethods.With<ActivityTriggerAttribute>())
        {
            var (name, activity) = (FunctionMethods.NameOf(function), new ActivityFunction(services, function));
            Engine.AddActivity(name, input =>
            {
                lock (_activities)
                    _activities.Add(name);
                return activity.RunAsync(input);
            });
        }

        var client = new DurableClientDouble(Engine);
        services.GetRequiredService<DurableClients>().Use(client);
        _queue = services.GetRequiredService<VirtualDelayQueue>();
        _host = new FunctionsHostDouble(services, _queue, _queue, client);
    }

    public OrchestrationDouble Engine { get; }

    public StorageRequests Requests => Services.GetRequiredService<StorageRequests>();

    /// <summary>The names of the activities, in the order in which they ran.</summary>
    public IReadOnlyList<string> Activities
    {
        get
        {
            lock (_activities)
            {
                return [.. _activities];
            }
        }
    }

    /// <param name="azurite">The storage.</param>
    /// <param name="definitions">The registered workflows, as JSON.</param>
    /// <param name="interpreter">The version of the interpreter.</param>
    /// <param name="isQuick">Whether <see cref="FlowJob"/> is expected to be quick, so that chains of it are strands.</param>
    public static async Task<DurableStage> StartAsync(
        SharedAzurite azurite, string[] definitions, int interpreter = Interpreter.Version, bool isQuick = false)
    {
        var (services, time) = await StageServices.CreateAsync(
            azurite,
            FunctionsHost.Kind,
            definitions,
            (services, configuration) => services.AddFunctionsApp(configuration, typeof(FlowJob).Assembly),
            new($"{DurableOptions.Section}:{nameof(DurableOptions.Interpreter)}", $"{interpreter}"),
            new($"JobPipeline:Jobs:{FlowJob.Type}:{nameof(JobTypeOptions.ExpectedDuration)}", isQuick ? "00:00:00.020" : null));
        return new DurableStage(services, time);
    }

    public override void TakeManyEventsAtATime() => Engine.EventsPerTurn = 100;

    protected override DateTimeOffset? NextDue => new[] { Engine.NextDue(), _queue.NextDue }.Min();

    protected override async Task<bool> RunNextAsync()
    {
        if (await Engine.RunNextAsync())
            return true;
        foreach (var queue in PriorityQueues.All)
        {
            if (await _host.DeliverAsync(queue))
                return true;
        }

        return false;
    }
}
