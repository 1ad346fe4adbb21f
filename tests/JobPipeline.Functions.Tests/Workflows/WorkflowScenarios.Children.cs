using JobPipeline.Functions.Tests.Workflows.Stage;
using JobPipeline.Handlers;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;
using static JobPipeline.Tests.Rig.FlowRig;

namespace JobPipeline.Functions.Tests.Workflows;

/// <summary>Workflows that run as steps of other workflows.</summary>
public abstract partial class WorkflowScenarios
{
    private const string Call = """ "call": { "workflow": "child" } """;

    [Fact]
    public async Task Child_Completed_ReturnsItsOutputToItsParent()
    {
        await using var stage = await StartStageAsync(
            Named("flow", "${{ steps.call.output }}", """ "call": { "workflow": "child", "input": { "who": "${{ input.name }}" } } """),
            Named("child", "child of ${{ input.who }}: ${{ steps.a.output }}", Work("a", with: "\"${{ input.who }}\"")));

        Assert.Equal(WorkflowStatus.Completed, (await stage.RunAsync(new { name = "Ada" })).State.Status);

        Assert.Equal("\"child of Ada: a(Ada)\"", await stage.OutputAsync());
    }

    [Fact]
    public async Task Child_ThatFails_FailsTheStep()
    {
        await using var stage = await StartStageAsync(Flow(Call), Named("child", null, Work("a")));
        stage.Script.Act = (_, _, _) => throw new JobRejectedException("never");

        var ended = await stage.RunAsync();

        Assert.Equal(WorkflowStatus.Failed, ended.State.Status);
        Assert.Contains("never", ended.State.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Child_ThatFails_IsANewInstanceInTheNextAttempt()
    {
        await using var stage = await StartStageAsync(
            Flow(
                """ "call": { "workflow": "child", "retry": { "maxAttempts": 2, "backoff": { "kind": "fixed", "base": "00:00:10" } } } """),
            Named("child", "${{ steps.a.output }}", Work("a")));
        stage.Script.Act = (payload, _, _) => stage.Script.Starts.Count == 1
            ? throw new IOException("not yet")
            : Task.FromResult<JobOutcome<string>>("there");

        var ended = await stage.RunAsync();

        Assert.Equal((WorkflowStatus.Completed, 2), (ended.State.Status, ended.State.Steps[0].Attempts));
        Assert.Equal("\"there\"", await stage.OutputAsync("call"));
        Assert.Equal(3, (await stage.Workflows.ListAsync(new(), null, 10, Token)).Instances.Count);
    }

    [Fact]
    public async Task Grandchild_Completed_PassesItsOutputThroughBoth()
    {
        await using var stage = await StartStageAsync(
            Named("flow", "${{ steps.call.output }}", Call),
            Named("child", "${{ steps.call.output }}", """ "call": { "workflow": "grandchild" } """),
            Named("grandchild", "${{ steps.a.output }}", Work("a")));
        stage.Script.Act = (_, _, _) => Task.FromResult<JobOutcome<string>>("from below");

        Assert.Equal(WorkflowStatus.Completed, (await stage.RunAsync()).State.Status);

        Assert.Equal("\"from below\"", await stage.OutputAsync());
    }

    [Fact]
    public async Task Child_Unknown_FailsTheStepWithTheReason()
    {
        await using var stage = await StartStageAsync(Flow(Work("a")));
        Assert.True(await stage.StartAsync(StageServices.Read(Flow(""" "call": { "workflow": "nowhere" } """))));

        var ended = await stage.EndAsync();

        Assert.Equal(WorkflowStatus.Failed, ended.State.Status);
        Assert.Contains("workflow 'nowhere' does not exist", ended.State.Steps[0].Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancel_OfAParent_CancelsAndCompensatesTheChild()
    {
        await using var stage = await StartStageAsync(
            Flow(Call), Named("child", null, Work("a", Undo("a")), """ "ok": { "waitFor": "approved", "needs": ["a"] } """));
        Assert.True(await stage.StartAsync());
        await stage.RunDueAsync();

        await stage.AskAsync(new WorkflowEvent.CancelRequested("enough"));
        await stage.RunUntilIdleAsync();

        Assert.Equal(["a", "undo a"], stage.Script.Starts);
        Assert.Equal([WorkflowStatus.Cancelled, WorkflowStatus.Cancelled], await StatusesAsync(stage));
    }

    [Fact]
    public async Task Terminate_OfAParent_TerminatesTheChild()
    {
        await using var stage = await StartStageAsync(
            Flow(Call), Named("child", null, Work("a", Undo("a")), """ "ok": { "waitFor": "approved", "needs": ["a"] } """));
        Assert.True(await stage.StartAsync());
        await stage.RunDueAsync();

        await stage.AskAsync(new WorkflowEvent.TerminateRequested("stop"));
        await stage.RunUntilIdleAsync();

        Assert.Equal(["a"], stage.Script.Starts);
        Assert.Equal([WorkflowStatus.Terminated, WorkflowStatus.Terminated], await StatusesAsync(stage));
    }

    [Fact]
    public async Task Event_ForAChild_IsRaisedOnTheChild()
    {
        await using var stage = await StartStageAsync(
            Named("flow", "${{ steps.call.output }}", Call),
            Named("child", "${{ steps.ok.output }}", """ "ok": { "waitFor": "approved" } """));
        Assert.True(await stage.StartAsync());
        await stage.RunDueAsync();
        var child = Assert.Single((await stage.Workflows.ListAsync(new WorkflowFilter("child"), null, 10, Token)).Instances);

        Assert.Equal(RaiseOutcome.Accepted, await stage.Workflows.RaiseAsync(child.Id, "approved", "7"u8.ToArray(), Token));
        Assert.Equal(WorkflowStatus.Completed, (await stage.EndAsync()).State.Status);

        Assert.Equal("7", await stage.OutputAsync());
    }

    private static async Task<IEnumerable<WorkflowStatus>> StatusesAsync(WorkflowStage stage) =>
        (await stage.Workflows.ListAsync(new(), null, 10, Token)).Instances.Select(instance => instance.Status);
}
