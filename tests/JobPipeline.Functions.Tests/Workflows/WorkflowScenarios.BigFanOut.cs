using JobPipeline.Handlers;
using JobPipeline.Tests.Rig;
using JobPipeline.Workflows.Machine;
using static JobPipeline.Functions.Tests.Workflows.Stage.WorkflowStage;
using static JobPipeline.Tests.Rig.FlowRig;

namespace JobPipeline.Functions.Tests.Workflows;

/// <summary>Fan-outs that the orchestrator runs in slices; requests to the whole reach every slice.</summary>
public abstract partial class WorkflowScenarios
{
    private const int Many = 300;

    [Fact]
    public async Task BigForEach_WithAFailingItem_StartsNoOtherAndCountsThoseThatRan()
    {
        await using var stage = await StartStageAsync(Flow(Each(maxParallel: 8)));
        stage.Script.Act = (payload, _, _) => payload.Name == "n20"
            ? throw new JobRejectedException("never")
            : Task.FromResult<JobOutcome<string>>(payload.Name);

        var ended = await stage.RunAsync(List(Many));

        var all = StepOf(ended, "all");
        Assert.Equal((WorkflowStatus.Failed, StepStatus.Failed, Many), (ended.State.Status, all.Status, all.Items));
        Assert.Contains("never", all.Error, StringComparison.Ordinal);
        Assert.InRange(stage.Script.Starts.Count, 21, Many - 1);
        Assert.Equal(stage.Script.Starts.Count - 1, all.Done);
    }

    [Fact]
    public async Task BigForEach_Cancelled_StopsAndCompensates()
    {
        await using var stage = await StartStageAsync(Flow(Work("a", Undo("a")), Each(maxParallel: 8, """, "needs": ["a"] """)));
        stage.Script.Act = async (payload, _, _) =>
        {
            if (payload.Name == "n20")
                Assert.True(await stage.Workflows.RequestAsync(FlowRig.Id, new WorkflowEvent.CancelRequested("enough"), Token));
            return payload.Name;
        };

        var ended = await stage.RunAsync(List(Many));

        Assert.Equal((WorkflowStatus.Cancelled, "enough"), (ended.State.Status, ended.State.Reason));
        Assert.Equal([StepStatus.Compensated, StepStatus.Cancelled], ended.State.Steps.Select(step => step.Status));
        Assert.InRange(stage.Script.Starts.Count, 22, Many);
        Assert.Equal("undo a", stage.Script.Starts[^1]);
    }

    [Fact]
    public async Task BigForEach_Suspended_WaitsAndThenRunsTheRestOnce()
    {
        await using var stage = await StartStageAsync(Named("flow", "${{ length(steps.all.output) }}", Each(maxParallel: 8)));
        stage.Script.Act = async (payload, _, _) =>
        {
            if (payload.Name == "n20")
                Assert.True(await stage.Workflows.RequestAsync(FlowRig.Id, new WorkflowEvent.SuspendRequested("lunch"), Token));
            return payload.Name;
        };
        Assert.True(await stage.StartAsync(List(Many)));
        await stage.RunUntilIdleAsync();
        Assert.True((await stage.ReadAsync()).State.IsSuspended);
        Assert.InRange(stage.Script.Starts.Count, 21, Many - 1);

        await stage.AskAsync(new WorkflowEvent.ResumeRequested());
        var ended = await stage.EndAsync();

        Assert.Equal((WorkflowStatus.Completed, Many), (ended.State.Status, StepOf(ended, "all").Done));
        Assert.Equal(Names(Many).Order(), stage.Script.Starts.Order());
    }
}
