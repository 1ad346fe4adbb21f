using JobPipeline.Handlers;
using JobPipeline.Workflows.Machine;
using static JobPipeline.Functions.Tests.Workflows.Stage.WorkflowStage;
using static JobPipeline.Tests.Rig.FlowRig;

namespace JobPipeline.Functions.Tests.Workflows;

/// <summary>Steps that run once for each item of an array.</summary>
public abstract partial class WorkflowScenarios
{
    [Fact]
    public async Task ForEach_OverAList_CollectsTheOutputsOfItsItemsInOrder()
    {
        await using var stage = await StartStageAsync(Named("flow", "${{ steps.all.output }}", Each(maxParallel: 5)));

        var ended = await stage.RunAsync(List(12));

        Assert.Equal(WorkflowStatus.Completed, ended.State.Status);
        Assert.Equal(Names(12).Order(), stage.Script.Starts.Order());
        Assert.Equal($"[{string.Join(',', Enumerable.Range(0, 12).Select(i => $"\"n{i}({i})\""))}]", await stage.OutputAsync());
        Assert.Equal((12, 12), (StepOf(ended, "all").Items, StepOf(ended, "all").Done));
    }

    [Fact]
    public async Task ForEach_OverAList_RunsUpToMaxParallelItemsAtOnce()
    {
        await using var stage = await StartStageAsync(Flow(Each(maxParallel: 3)));
        stage.AtOnce = 6;
        var (running, most, arrived, gate) = (0, 0, 0, new TaskCompletionSource());
        stage.Script.Act = async (payload, _, _) =>
        {
            Task together;
            lock (stage.Script)
            {
                most = Math.Max(most, ++running);
                together = gate.Task;
                if (++arrived % 3 == 0)
                {
                    gate.SetResult();
                    gate = new TaskCompletionSource();
                }
            }

            await together;
            lock (stage.Script)
                running--;
            return payload.Name;
        };

        Assert.True(await stage.StartAsync(List(9)));
        Assert.Equal(WorkflowStatus.Completed, (await stage.EndAsync().InTime()).State.Status);

        Assert.Equal(3, most);
    }

    [Fact]
    public async Task ForEach_OfNoItems_ReturnsAnEmptyArray()
    {
        await using var stage = await StartStageAsync(
            Named("flow", "${{ steps.all.output }}", Each(maxParallel: 5), Work("after", "\"needs\": [\"all\"]")));

        var ended = await stage.RunAsync(List(0));

        Assert.Equal((WorkflowStatus.Completed, StepStatus.Succeeded), (ended.State.Status, StepOf(ended, "all").Status));
        Assert.Equal("[]", await stage.OutputAsync());
        Assert.Equal(["after"], stage.Script.Starts);
    }

    [Fact]
    public async Task ForEach_OverANonArray_FailsTheStepWithTheReason()
    {
        await using var stage = await StartStageAsync(Flow(Each(maxParallel: 5)));

        var ended = await stage.RunAsync(new { list = "text" });

        Assert.Equal(WorkflowStatus.Failed, ended.State.Status);
        Assert.Contains("must evaluate to an array, got string", StepOf(ended, "all").Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ForEach_OfTooManyItems_FailsTheStepAndStartsNone()
    {
        await using var stage = await StartStageAsync(Flow(Each(maxParallel: 5)));

        var ended = await stage.RunAsync(new { list = new int[100_001] });

        Assert.Equal((WorkflowStatus.Failed, StepStatus.Failed), (ended.State.Status, StepOf(ended, "all").Status));
        Assert.Contains("100", StepOf(ended, "all").Error, StringComparison.Ordinal);
        Assert.Empty(stage.Script.Starts);
    }

    [Fact]
    public async Task ForEach_WithAFailingItem_StartsNoOtherAndFails()
    {
        await using var stage = await StartStageAsync(Flow(Each(maxParallel: 1)));
        stage.Script.Act = (payload, _, _) => payload.Name == "n1"
            ? throw new JobRejectedException("never")
            : Task.FromResult<JobOutcome<string>>(payload.Name);

        var ended = await stage.RunAsync(List(5));

        Assert.Equal(["n0", "n1"], stage.Script.Starts);
        Assert.Equal(
            (WorkflowStatus.Failed, StepStatus.Failed, 1), (ended.State.Status, StepOf(ended, "all").Status, StepOf(ended, "all").Done));
        Assert.Contains("never", StepOf(ended, "all").Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ForEach_WithAnItemThatFailsAtFirst_RetriesThatItem()
    {
        await using var stage = await StartStageAsync(
            Named(
                "flow",
                "${{ steps.all.output }}",
                Each(maxParallel: 2, """, "retry": { "maxAttempts": 3, "backoff": { "kind": "fixed", "base": "00:00:10" } }""")));
        stage.Script.Act = (payload, _, _) =>
            payload.Name == "n1" && stage.Script.Starts.Count(name => name == "n1") < 3
                ? throw new IOException("not yet")
                : Task.FromResult<JobOutcome<string>>(payload.Name);

        var ended = await stage.RunAsync(List(4));

        Assert.Equal((WorkflowStatus.Completed, 3), (ended.State.Status, StepOf(ended, "all").Attempts));
        Assert.Equal(["n0", "n1", "n1", "n1", "n2", "n3"], stage.Script.Starts.Order());
        Assert.Equal("""["n0","n1","n2","n3"]""", await stage.OutputAsync());
    }

    [Fact]
    public async Task ForEach_OfWorkflows_CollectsTheirOutputs()
    {
        await using var stage = await StartStageAsync(
            Named("flow", "${{ steps.all.output }}", """
                "all": {
                  "forEach": { "items": "${{ input.list }}", "maxParallel": 2, "workflow": "child", "input": { "who": "${{ item }}" } }
                }
                """),
            Named("child", "${{ steps.a.output }}", Work("a", with: "\"${{ input.who }}\"")));

        Assert.Equal(WorkflowStatus.Completed, (await stage.RunAsync(List(3))).State.Status);

        Assert.Equal("""["a(n0)","a(n1)","a(n2)"]""", await stage.OutputAsync());
    }

    [Fact]
    public async Task ForEach_Of1500Items_RunsEachOnce()
    {
        await using var stage = await StartStageAsync(Named("flow", "${{ steps.all.output }}", Each(maxParallel: 100)));
        stage.AtOnce = 16;
        stage.TakeManyEventsAtATime();
        stage.Script.Act = (payload, _, _) => Task.FromResult<JobOutcome<string>>(payload.Name);

        var ended = await stage.RunAsync(List(1_500));

        Assert.Equal((WorkflowStatus.Completed, 1_500), (ended.State.Status, StepOf(ended, "all").Done));
        Assert.Equal(Names(1_500).Order(), stage.Script.Starts.Order());
        Assert.Equal($"[{string.Join(',', Names(1_500).Select(name => $"\"{name}\""))}]", await stage.OutputAsync());
    }

    private static string Each(int maxParallel, string more = "") =>
        """ "all": { "forEach": { "items": "${{ input.list }}", "maxParallel": """ + maxParallel
        + """, "job": "flow.work", "payload": { "name": "${{ item }}", "with": "${{ index }}" } }""" + more + " }";

    private static object List(int count) => new { list = Names(count) };

    private static IEnumerable<string> Names(int count) => Enumerable.Range(0, count).Select(i => $"n{i}");
}
