using JobPipeline.Handlers;
using JobPipeline.Tests.Rig;
using JobPipeline.Workflows.Machine;
using static JobPipeline.Functions.Tests.Workflows.Stage.WorkflowStage;
using static JobPipeline.Tests.Rig.FlowRig;

namespace JobPipeline.Functions.Tests.Workflows;

/// <summary>Fan-outs of a quick type, which one of the interpreters runs in packs.</summary>
public abstract partial class WorkflowScenarios
{
    private const int Some = 40;

    [Fact]
    public async Task QuickForEach_OverAList_RunsEachOnceAndCollectsTheOutputs()
    {
        await using var stage = await StartStageAsync(Named("flow", "${{ steps.all.output }}", Quick(maxParallel: 3)));

        var ended = await stage.RunAsync(List(Some));

        Assert.Equal((WorkflowStatus.Completed, Some), (ended.State.Status, StepOf(ended, "all").Done));
        Assert.Equal(Names(Some).Order(), stage.Script.Starts.Order());
        Assert.Equal($"[{string.Join(',', Enumerable.Range(0, Some).Select(i => $"\"n{i}({i})\""))}]", await stage.OutputAsync());
    }

    [Fact]
    public async Task QuickForEach_WithAFailingItem_StartsNoOtherAndFails()
    {
        await using var stage = await StartStageAsync(Flow(Quick(maxParallel: 1)));
        stage.Script.Act = (payload, _, _) => payload.Name == "n7"
            ? throw new JobRejectedException("never")
            : Task.FromResult<JobOutcome<string>>(payload.Name);

        var ended = await stage.RunAsync(List(Some));

        Assert.Equal(Names(8), stage.Script.Starts);
        Assert.Equal(
            (WorkflowStatus.Failed, StepStatus.Failed, 7), (ended.State.Status, StepOf(ended, "all").Status, StepOf(ended, "all").Done));
    }

    [Fact]
    public async Task QuickForEach_WithItemsThatFailOrSnooze_RunsThemAgainAndTheOthersOnce()
    {
        await using var stage = await StartStageAsync(
            Named(
                "flow",
                "${{ steps.all.output }}",
                Quick(maxParallel: 2, """, "retry": { "maxAttempts": 3, "backoff": { "kind": "fixed", "base": "00:00:10" } }""")));
        stage.Script.Act = (payload, _, _) => (payload.Name, stage.Script.Starts.Count(name => name == payload.Name)) switch
        {
            ("n1" or "n8", < 3) => throw new IOException("not yet"),
            ("n13", 1) => Task.FromResult<JobOutcome<string>>(JobOutcome.Snooze(TimeSpan.FromMinutes(1))),
            var (name, _) => Task.FromResult<JobOutcome<string>>(name),
        };

        var ended = await stage.RunAsync(List(Some));

        Assert.Equal((WorkflowStatus.Completed, 3), (ended.State.Status, StepOf(ended, "all").Attempts));
        Assert.Equal(Names(Some).Concat(["n1", "n1", "n8", "n8", "n13"]).Order(), stage.Script.Starts.Order());
        Assert.Equal($"[{string.Join(',', Names(Some).Select(name => $"\"{name}\""))}]", await stage.OutputAsync());
    }

    [Fact]
    public async Task QuickForEach_Cancelled_StopsAndCompensates()
    {
        await using var stage = await StartStageAsync(Flow(Work("a", Undo("a")), Quick(maxParallel: 2, """, "needs": ["a"] """)));
        stage.Script.Act = async (payload, _, _) =>
        {
            if (payload.Name == "n7")
                Assert.True(await stage.Workflows.RequestAsync(FlowRig.Id, new WorkflowEvent.CancelRequested("enough"), Token));
            return payload.Name;
        };

        var ended = await stage.RunAsync(List(Some));

        Assert.Equal((WorkflowStatus.Cancelled, "enough"), (ended.State.Status, ended.State.Reason));
        Assert.Equal([StepStatus.Compensated, StepStatus.Cancelled], ended.State.Steps.Select(step => step.Status));
        Assert.InRange(stage.Script.Starts.Count, 10, Some / 2);
        Assert.Equal("undo a", stage.Script.Starts[^1]);
    }

    [Fact]
    public async Task QuickForEach_Suspended_WaitsAndThenRunsTheRestOnce()
    {
        await using var stage = await StartStageAsync(Flow(Quick(maxParallel: 2)));
        stage.Script.Act = async (payload, _, _) =>
        {
            if (payload.Name == "n7")
                Assert.True(await stage.Workflows.RequestAsync(FlowRig.Id, new WorkflowEvent.SuspendRequested("lunch"), Token));
            return payload.Name;
        };
        Assert.True(await stage.StartAsync(List(Some)));
        await stage.RunUntilIdleAsync();
        Assert.True((await stage.ReadAsync()).State.IsSuspended);
        Assert.InRange(stage.Script.Starts.Count, 8, Some / 2);

        await stage.AskAsync(new WorkflowEvent.ResumeRequested());
        var ended = await stage.EndAsync();

        Assert.Equal((WorkflowStatus.Completed, Some), (ended.State.Status, StepOf(ended, "all").Done));
        Assert.Equal(Names(Some).Order(), stage.Script.Starts.Order());
    }

    private static string Quick(int maxParallel, string more = "") =>
        Each(maxParallel, more).Replace("flow.work", Stage.QuickFlowJob.Type, StringComparison.Ordinal);
}
