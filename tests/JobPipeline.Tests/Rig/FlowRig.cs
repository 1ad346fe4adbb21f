using System.Text;
using System.Text.Json;
using JobPipeline.Handlers;
using JobPipeline.Hosting;
using JobPipeline.Jobs;
using JobPipeline.Testing;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Tests.Rig;

/// <summary>The behaviour of the jobs of a workflow's steps, and the order in which they started.</summary>
internal sealed class FlowScript
{
    public Func<FlowPayload, JobContext, CancellationToken, Task<JobOutcome<string>>> Act { get; set; } =
        static (payload, _, _) => Task.FromResult<JobOutcome<string>>($"{payload.Name}({payload.With.Deserialize<object>()})");

    /// <summary>The names in the payloads, in the order in which their handlers started.</summary>
    public List<string> Starts { get; } = [];
}

internal sealed record FlowPayload(string Name, JsonElement With = default);

[Job(Type, MaxAttempts = 5, Timeout = "00:05:00")]
internal sealed class FlowJob(FlowScript script) : IJobHandler<FlowPayload, string>
{
    public const string Type = "flow.work";

    public Task<JobOutcome<string>> HandleAsync(FlowPayload payload, JobContext context, CancellationToken cancellationToken)
    {
        lock (script.Starts)
            script.Starts.Add(payload.Name);
        return script.Act(payload, context, cancellationToken);
    }
}

/// <summary>
/// Runs workflows on the local runner, in memory and virtual time. The job of a step is written as
/// <c>"job": "flow.work", "payload": { "name": ... }</c>.
/// </summary>
internal sealed class FlowRig : IAsyncDisposable
{
    public const string Id = "an-instance";

    public FlowRig(params string[] definitions) =>
        Harness = new JobTestHarness(
            new JobTestHarnessOptions
            {
                Handlers = [typeof(FlowJob)],
                ConfigureServices = services =>
                {
                    services.AddSingleton(Script).AddSingleton<IExpressionEvaluator, PathEvaluator>();
                    foreach (var definition in definitions)
                        services.AddWorkflow(
                            WorkflowReader.Read(Encoding.UTF8.GetBytes(definition), out var faults)
                                ?? throw new InvalidOperationException(string.Join("; ", faults)));
                },
            });

    public FlowScript Script { get; } = new();

    public JobTestHarness Harness { get; }

    public IWorkflowRuntime Workflows => Harness.WorkflowRuntime;

    /// <summary>Starts the workflow <c>flow</c>.</summary>
    public Task<string> StartAsync(object? input = null) => Harness.StartWorkflowAsync("flow", input, Id);

    /// <summary>Starts the workflow <c>flow</c> and runs it to its end.</summary>
    public async Task<WorkflowInstance> RunAsync(object? input = null)
    {
        await StartAsync(input);
        await Harness.RunUntilIdleAsync(TestContext.Current.CancellationToken);
        return await ReadAsync();
    }

    /// <summary>Processes all due messages without advancing time.</summary>
    public async Task RunDueAsync()
    {
        while (await Harness.RunNextAsync(TestContext.Current.CancellationToken))
        {
        }
    }

    public async Task AskAsync(WorkflowEvent request)
    {
        Assert.True(await Workflows.RequestAsync(Id, request, CancellationToken.None));
        await RunDueAsync();
    }

    public async Task<WorkflowInstance> ReadAsync(string id = Id) =>
        Assert.IsType<WorkflowInstance>(await Workflows.ReadAsync(id, CancellationToken.None));

    public async Task<StepState> StepAsync(string step)
    {
        var instance = await ReadAsync();
        return instance.State.Steps[new WorkflowPlan(instance.Definition).Find(step)!.Value];
    }

    public async Task<string?> OutputAsync(string? step = null) =>
        await Harness
            .Services.GetRequiredService<IWorkflowData>()
            .ReadAsync(Id, step is null ? WorkflowDataName.Output : WorkflowDataName.Step(step), CancellationToken.None)
            is { } bytes
            ? Encoding.UTF8.GetString(bytes.Span)
            : null;

    /// <summary>Returns a step that runs a job with the step's name, as a member of <c>steps</c>.</summary>
    public static string Work(string step, string more = "", string with = "null") =>
        $$"""
        "{{step}}": { "job": "flow.work", "payload": { "name": "{{step}}", "with": {{with}} } {{(more.Length > 0 ? $", {more}" : "")}} }
        """;

    /// <summary>Returns the definition of the workflow <c>flow</c> with the given steps.</summary>
    public static string Flow(params string[] steps) => Named("flow", null, steps);

    public static string Named(string name, string? output, params string[] steps) =>
        $$"""{ "name": "{{name}}", "output": {{JsonSerializer.Serialize(output)}}, "steps": { {{string.Join(", ", steps)}} } }""";

    /// <summary>Returns the compensation of a step.</summary>
    public static string Undo(string step) => $$"""
        "compensate": { "job": "flow.work", "payload": { "name": "undo {{step}}", "with": null } }
        """;

    public ValueTask DisposeAsync() => Harness.DisposeAsync();
}
