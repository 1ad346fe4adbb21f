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

/// <summary>A workflow interpreter with all its dependencies, on real storage and in virtual time.</summary>
internal abstract class WorkflowStage(ServiceProvider services, VirtualTimeProvider time) : IAsyncDisposable
{
    public const string Id = "an-instance";

    /// <summary>The script of the jobs.</summary>
    public FlowScript Script { get; } = services.GetRequiredService<FlowScript>();

    public VirtualTimeProvider Time { get; } = time;

    public IServiceProvider Services { get; } = services;

    public IWorkflowRuntime Workflows { get; } = services.GetRequiredService<IWorkflowRuntime>();

    public IWorkflowData Data { get; } = services.GetRequiredService<IWorkflowData>();

    /// <summary>The maximum concurrency. One, unless a scenario tests concurrency, so that a run is repeatable.</summary>
    public int AtOnce { get; set; } = 1;

    /// <summary>Starts the workflow <c>flow</c>.</summary>
    public Task<bool> StartAsync(object? input = null) => StartAsync(Services.GetRequiredService<WorkflowCatalog>().Find("flow")!, input);

    public Task<bool> StartAsync(WorkflowDefinition definition, object? input = null, string id = Id) =>
        Workflows.StartAsync(
            definition,
            id,
            input is null ? default : JsonSerializer.SerializeToUtf8Bytes(input, JobJson.Options),
            correlationId: null,
            Token);

    /// <summary>Starts the workflow and runs it to its end.</summary>
    public async Task<WorkflowInstance> RunAsync(object? input = null)
    {
        Assert.True(await StartAsync(input));
        return await EndAsync();
    }

    /// <summary>Runs the workflow to its end.</summary>
    public async Task<WorkflowInstance> EndAsync()
    {
        await RunUntilIdleAsync();
        return await ReadAsync();
    }

    /// <summary>
    /// Processes everything that is due now, without advancing the time. May be called while an earlier call waits for a handler.
    /// </summary>
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

    /// <summary>Processes everything, advancing the time, until nothing is left.</summary>
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

    /// <summary>Returns the output of the workflow instance or of one of its steps as JSON, or null if there is none.</summary>
    public async Task<string?> OutputAsync(string? step = null) =>
        await Data.ReadAsync(Id, step is null ? WorkflowDataName.Output : WorkflowDataName.Step(step), Token) is { } bytes
            ? Encoding.UTF8.GetString(bytes.Span)
            : null;

    /// <summary>Sends a request that must be accepted, and processes its effects.</summary>
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

    /// <summary>Sends a message to a queue as a foreign producer does.</summary>
    public Task DropAsync(string message) =>
        Services.GetRequiredService<IJobQueue>().SendAsync(PriorityQueues.Normal, Encoding.UTF8.GetBytes(message), TimeSpan.Zero, Token);

    /// <summary>Simulates a host that is behind; a no-op where that is always the case.</summary>
    public virtual void TakeManyEventsAtATime()
    {
    }

    public virtual async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Processes the next item that is due now. Returns false if there is none.</summary>
    protected abstract Task<bool> RunNextAsync();

    /// <summary>The time at which the next item is due, or null if there is none.</summary>
    protected abstract DateTimeOffset? NextDue { get; }

    protected static CancellationToken Token => TestContext.Current.CancellationToken;
}
