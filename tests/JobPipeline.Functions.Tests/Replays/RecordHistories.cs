using JobPipeline.DurableEngine;
using JobPipeline.Functions.Durable;
using JobPipeline.Functions.Tests.Workflows.Stage;
using JobPipeline.Handlers;
using JobPipeline.Tests.Rig;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;
using Microsoft.Extensions.DependencyInjection;
using static JobPipeline.Tests.Rig.FlowRig;

namespace JobPipeline.Functions.Tests.Replays;

/// <summary>
/// Records histories for <see cref="RecordedHistoryTests"/>. Set <c>RECORD_HISTORIES_TO</c> to a folder and run it by name before a
/// change of the interpreter, and never replace a file: what it holds may still be in progress somewhere.
/// </summary>
[Slow]
public sealed class RecordHistories(SharedAzurite azurite)
{
    /// <summary>The version of the interpreter to record.</summary>
    private const int Interpreter = Functions.Durable.Interpreter.Version;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Record_OfEveryScenario_WritesAHistory()
    {
        var folder = Environment.GetEnvironmentVariable("RECORD_HISTORIES_TO")
            ?? Directory.CreateTempSubdirectory("histories-").FullName;
        Directory.CreateDirectory(folder);
        await RecordAsync("chain", ChainAsync, Flow(
            Work("a", Undo("a")),
            Work("b", """
                "needs": ["a"], "timeout": "00:05:00", "retry": { "maxAttempts": 3, "backoff": { "kind": "fixed", "base": "00:00:10" } }
                """),
            Work("c", "\"needs\": [\"b\"]")));
        await RecordAsync(
            "waits",
            WaitsAsync,
            Flow(
                """ "rest": { "delay": "00:00:01.5000000" } """,
                """ "ok": { "needs": ["rest"], "waitFor": "approved", "timeout": "1.00:00:00" } """,
                """ "call": { "needs": ["ok"], "workflow": "child", "input": { "who": "Ada" } } """,
                Work("last", "\"needs\": [\"call\"]", "\"${{ steps.call.output }}\"")),
            Named("child", "${{ steps.inner.output }}", Work("inner", "\"timeout\": \"00:01:00\"")));
        await RecordAsync("waiting", WaitingAsync, Flow(
            Work("a"), """ "ok": { "needs": ["a"], "waitFor": "approved", "timeout": "1.00:00:00" } """));
        await RecordAsync("fanout", FanOutAsync, Named("flow", "${{ length(steps.all.output) }}", All(""" "maxParallel": 3, """)));
        await RecordAsync("slices", SlicesAsync, Flow(All(""" "maxParallel": 6, """)));
        await RecordAsync("cancelled", CancelledAsync, Flow(
            Work("a", Undo("a")),
            All(""" "maxParallel": 2, """, """, "needs": ["a"] """),
            Work("tidy", """ "needs": ["all"], "when": "always" """)));
        await RecordAsync("rerun", RerunAsync, Flow(Work("a"), Work("b", "\"needs\": [\"a\"]")));
        await RecordAsync("long", LongAsync, Flow(
            """ "ok": { "waitFor": "approved", "timeout": "1.00:00:00" } """, Work("a", "\"needs\": [\"ok\"]")));
        Assert.Equal(8, Directory.GetFiles(folder, "*.jsonl").Length);

        async Task RecordAsync(string name, Func<DurableStage, Task> run, params string[] definitions)
        {
            await using var stage = await DurableStage.StartAsync(azurite, definitions, Interpreter);
            await run(stage);
            var recorded = stage.Engine.Instances.OrderBy(one => one.Id, StringComparer.Ordinal).Select(RecordedOrchestration.Of);
            await File.WriteAllTextAsync(Path.Combine(folder, $"{name}.jsonl"), RecordedOrchestration.Write(recorded), Token);
        }
    }

    private static string All(string limit, string more = "") => """ "all": { "forEach": { "items": "${{ input.list }}", """ + limit
        + """ "job": "flow.work", "payload": { "name": "${{ item }}", "with": "${{ index }}" } }""" + more + " }";

    private static object List(int count) => new { list = Enumerable.Range(0, count).Select(i => $"n{i}") };

    private static async Task ChainAsync(DurableStage stage)
    {
        var isFirst = true;
        // The worker of the first call is lost.
        stage.Engine.Fault = name =>
        {
            var isLost = isFirst && name == RunStepActivity.Name;
            isFirst &= !isLost;
            return isLost ? ActivityFault.Fails : ActivityFault.None;
        };
        stage.Script.Act = (payload, _, _) => payload.Name switch
        {
            "b" when stage.Script.Starts.Count(name => name == "b") == 1 => throw new IOException("not yet"),
            "b" when stage.Script.Starts.Count(name => name == "b") == 2 =>
                Task.FromResult<JobOutcome<string>>(JobOutcome.Snooze(TimeSpan.FromMinutes(1))),
            "c" => throw new JobRejectedException("never"),
            var name => Task.FromResult<JobOutcome<string>>(name),
        };
        Assert.Equal(WorkflowStatus.Failed, (await stage.RunAsync()).State.Status);
    }

    private static async Task WaitsAsync(DurableStage stage)
    {
        Assert.True(await stage.StartAsync());
        await stage.RunDueAsync();
        stage.Time.Advance(TimeSpan.FromSeconds(10));
        await stage.RunDueAsync();
        await stage.AskAsync(new WorkflowEvent.SuspendRequested("lunch"));
        await stage.RaiseAsync("approved", "7");
        await stage.AskAsync(new WorkflowEvent.ResumeRequested());
        Assert.Equal(WorkflowStatus.Completed, (await stage.EndAsync()).State.Status);
    }

    private static async Task WaitingAsync(DurableStage stage)
    {
        Assert.True(await stage.StartAsync());
        await stage.RunDueAsync();
        Assert.Equal(StepStatus.Running, (await stage.StepAsync("ok")).Status);
    }

    private static async Task FanOutAsync(DurableStage stage)
    {
        stage.Script.Act = (payload, _, _) => Task.FromResult<JobOutcome<string>>(
            payload.Name == "n2" && stage.Script.Starts.Count(name => name == "n2") == 1
                ? JobOutcome.Snooze(TimeSpan.FromSeconds(20))
                : JobOutcome.Success(payload.Name));
        Assert.Equal(WorkflowStatus.Completed, (await stage.RunAsync(List(8))).State.Status);
    }

    private static async Task SlicesAsync(DurableStage stage)
    {
        var workflows = stage.Services.GetRequiredService<WorkflowCatalog>();
        await stage.Services.GetRequiredService<IWorkflowData>().WriteAsync(
            FlowRig.Id,
            [
                KeyValuePair.Create(
                    WorkflowDataName.Input,
                    (ReadOnlyMemory<byte>)System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(List(12))),
            ],
            Token);
        await stage.Services.GetRequiredService<IWorkflowStore>().TryWriteAsync(
            WorkflowInstance.Create(workflows.Find("flow")!, FlowRig.Id, null, null, stage.Time.GetUtcNow(), itemsPerSlice: 5), Token);
        stage.Script.Act = async (payload, _, _) =>
        {
            if (payload.Name == "n7")
                Assert.True(await stage.Workflows.RequestAsync(FlowRig.Id, new WorkflowEvent.SuspendRequested("lunch"), Token));
            return payload.Name == "n9" ? throw new JobRejectedException("never") : payload.Name;
        };
        // Completes the start of a process that died.
        Assert.False(await stage.StartAsync());
        await stage.RunUntilIdleAsync();
        await stage.AskAsync(new WorkflowEvent.ResumeRequested());
        Assert.Equal(WorkflowStatus.Failed, (await stage.EndAsync()).State.Status);
    }

    private static async Task CancelledAsync(DurableStage stage)
    {
        stage.Script.Act = async (payload, _, _) =>
        {
            if (payload.Name == "n1")
                Assert.True(await stage.Workflows.RequestAsync(FlowRig.Id, new WorkflowEvent.CancelRequested("enough"), Token));
            return payload.Name;
        };
        Assert.Equal(WorkflowStatus.Cancelled, (await stage.RunAsync(List(8))).State.Status);
    }

    private static async Task RerunAsync(DurableStage stage)
    {
        stage.Script.Act = (payload, _, _) => payload.Name == "b" && stage.Script.Starts.Count == 2
            ? throw new JobRejectedException("not today")
            : Task.FromResult<JobOutcome<string>>("done");
        Assert.Equal(WorkflowStatus.Failed, (await stage.RunAsync()).State.Status);
        Assert.True(await stage.Workflows.RerunAsync(FlowRig.Id, Token));
        Assert.Equal(WorkflowStatus.Completed, (await stage.EndAsync()).State.Status);
    }

    /// <summary>Continues as new: the recorded execution is the second one, with the timer of the first.</summary>
    private static async Task LongAsync(DurableStage stage)
    {
        Assert.True(await stage.StartAsync());
        for (var i = 0; i < 260; i++)
        {
            await stage.AskAsync(i % 2 == 0 ? new WorkflowEvent.SuspendRequested("lunch") : new WorkflowEvent.ResumeRequested());
        }

        await stage.RaiseAsync("approved");
        Assert.Equal(WorkflowStatus.Completed, (await stage.EndAsync()).State.Status);
    }
}
