using System.Text;
using System.Text.Json;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Testing;
using JobPipeline.Tests.Rig;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Functions.Tests.Workflows.Stage;

/// <summary>An interpreter of workflows with all that it needs, on real storage and in virtual time.</summary>
internal abstract class WorkflowStage(ServiceProvider services, VirtualTimeProvider time) : IAsyncDisposable
{
    public const string Id = "an-instance";

    /// <summary>What its jobs do.</summary>
    public FlowScript Script { get; } = services.GetRequiredService<FlowScript>();

    public VirtualTimeProvider Time { get; } = time;

    public IServiceProvider Services { get; } = services;

    public IWorkflowRuntime Workflows { get; } = services.GetRequiredService<IWorkflowRuntime>();

    public IWorkflowData Data { get; } = services.GetRequiredService<IWorkflowData>();

    /// <summary>How many things may be done at once. One, unless a scenario is about that: a run is repeatable then.</summary>
    public int AtOnce { get; set; } = 1;

    /// <summary>Starts <c>flow</c>.</summary>
    public Task<bool> StartAsync(object? input = null) => StartAsync(Services.GetRequiredService<WorkflowCatalog>().Find("flow")!, input);

    public Task<bool> StartAsync(WorkflowDefinition definition, object? input = null, string id = Id) =>
        Workflows.StartAsync(
            definition,
            id,
            input is null ? default : JsonSerializer.SerializeToUtf8Bytes(input, JobJson.Options),
            correlationId: null,
            Token);

    /// <summary>Starts it and lets it come to its end.</summary>
    public async Task<WorkflowInstance> RunAsync(object? input = null)
    {
        Assert.True(await StartAsync(input));
        return await EndAsync();
    }

    /// <summary>Lets it come to its end.</summary>
    public async Task<WorkflowInstance> EndAsync()
    {
        await RunUntilIdleAsync();
        return await ReadAsync();
    }

    /// <summary>Works off what is due now; time stands still. May be called while an earlier call still waits for a handler.</summary>
    public async Task RunDueAsync()
    {
        if (AtOnce > 1)
        {
            await new Pumps(AtOnce, RunNextAsync).RunAsync();
            return;
        }

        while (await RunNextAsync())
        {
        }
    }

    /// <summary>Works off everything, time moving on, until nothing is left.</summary>
    public async Task RunUntilIdleAsync()
    {
        while (true)
        {
            Token.ThrowIfCancellationRequested();
            await RunDueAsync();
            if (NextDue is not { } due)
                return;
            if (due > Time.GetUtcNow())
                Time.Advance(due - Time.GetUtcNow());
        }
    }

    public async Task<WorkflowInstance> ReadAsync(string id = Id) => Assert.IsType<WorkflowInstance>(await Workflows.ReadAsync(id, Token));

    public async Task<StepState> StepAsync(string step) => StepOf(await ReadAsync(), step);

    public static StepState StepOf(WorkflowInstance instance, string step) =>
        instance.State.Steps[new WorkflowPlan(instance.Definition).Find(step)!.Value];

    /// <summary>What the instance, or a step of it, has given, as JSON; null: nothing.</summary>
    public async Task<string?> OutputAsync(string? step = null) =>
        await Data.ReadAsync(Id, step is null ? WorkflowDataName.Output : WorkflowDataName.Step(step), Token) is { } bytes
            ? Encoding.UTF8.GetString(bytes.Span)
            : null;

    /// <summary>Asks for something, which is granted, and works off what comes of it.</summary>
    public async Task AskAsync(WorkflowEvent request)
    {
        Assert.True(await Workflows.RequestAsync(Id, request, Token));
        await RunDueAsync();
    }

    public async Task RaiseAsync(string name, string json = "null")
    {
        Assert.Equal(RaiseOutcome.Accepted, await Workflows.RaiseAsync(Id, name, Encoding.UTF8.GetBytes(json), Token));
        await RunDueAsync();
    }

    /// <summary>Puts a message on a queue as somebody else does.</summary>
    public Task DropAsync(string message) =>
        Services.GetRequiredService<IJobQueue>().SendAsync(JobLanes.Normal, Encoding.UTF8.GetBytes(message), TimeSpan.Zero, Token);

    /// <summary>As a host does that is behind; not needed where that is the rule.</summary>
    public virtual void TakeManyEventsAtATime()
    {
    }

    public virtual async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Does the next thing that is due now. False: there is none.</summary>
    protected abstract Task<bool> RunNextAsync();

    /// <summary>When something is due next; null: never.</summary>
    protected abstract DateTimeOffset? NextDue { get; }

    protected static CancellationToken Token => TestContext.Current.CancellationToken;
}
