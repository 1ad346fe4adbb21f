using JobPipeline.Functions.Tests.Workflows.Stage;
using JobPipeline.Handlers;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;
using static JobPipeline.Tests.Rig.FlowRig;

namespace JobPipeline.Functions.Tests.Workflows;

/// <summary>The behaviour of workflows: one suite for both interpreters, the local runner and the orchestrator.</summary>
public abstract partial class WorkflowScenarios
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <param name="definitions">The registered workflows, as JSON.</param>
    private protected abstract Task<WorkflowStage> StartStageAsync(params string[] definitions);

    [Fact]
    public async Task Chain_OfSteps_PassesOutputsOnAndReturnsItsOwn()
    {
        await using var stage = await StartStageAsync(Named(
            "flow",
            "${{ steps.b.output }}",
            Work("a", with: "\"${{ input.name }}\""),
            Work("b", "\"needs\": [\"a\"]", "\"got ${{ steps.a.output }}\"")));

        var ended = await stage.RunAsync(new { name = "Ada" });

        Assert.Equal((WorkflowStatus.Completed, null), (ended.State.Status, ended.State.Reason));
        Assert.Equal(["a", "b"], stage.Script.Starts);
        Assert.Equal("\"b(got a(Ada))\"", await stage.OutputAsync());
        Assert.Empty(ended.Outbox);
    }

    [Fact]
    public async Task Diamond_OfSteps_JoinsWhenBothBranchesAreDone()
    {
        await using var stage = await StartStageAsync(Flow(
            Work("top"),
            Work("left", "\"needs\": [\"top\"]"),
            Work("right", "\"needs\": [\"top\"]"),
            Work("bottom", "\"needs\": [\"left\", \"right\"]")));

        Assert.Equal(WorkflowStatus.Completed, (await stage.RunAsync()).State.Status);

        Assert.Equal("top", stage.Script.Starts[0]);
        Assert.Equal(["left", "right"], stage.Script.Starts[1..3].Order());
        Assert.Equal("bottom", stage.Script.Starts[3]);
    }

    [Fact]
    public async Task Steps_WithoutNeeds_AllStartAtOnce()
    {
        await using var stage = await StartStageAsync(Flow(Work("a"), Work("b"), Work("c")));

        var ended = await stage.RunAsync();

        Assert.Equal(["a", "b", "c"], stage.Script.Starts.Order());
        Assert.Single(ended.State.Steps.Select(step => step.StartedAt).Distinct());
    }

    [Fact]
    public async Task Start_OfAnExistingId_ChangesNothing()
    {
        await using var stage = await StartStageAsync(Flow(Work("a", with: "\"${{ input.name }}\"")));
        Assert.True(await stage.StartAsync(new { name = "first" }));

        Assert.False(await stage.StartAsync(new { name = "second" }));
        await stage.EndAsync();
        Assert.False(await stage.StartAsync(new { name = "third" }));
        await stage.EndAsync();

        Assert.Equal("\"a(first)\"", await stage.OutputAsync("a"));
        Assert.Equal(["a"], stage.Script.Starts);
    }

    [Fact]
    public async Task Definition_OfAnInstance_IsTheOneThatItStartedWith()
    {
        await using var stage = await StartStageAsync(Flow(Work("newer")));
        var older = Flow(Work("older", """ "retry": { "maxAttempts": 2, "backoff": { "kind": "fixed", "base": "00:01:00" } } """));
        var pinned = StageServices.Read(older) with { Version = 7 };
        stage.Script.Act = (payload, _, _) => stage.Script.Starts.Count == 1
            ? throw new IOException("not yet")
            : Task.FromResult<JobOutcome<string>>(payload.Name);
        Assert.True(await stage.StartAsync(pinned));

        var ended = await stage.EndAsync();

        Assert.Equal((WorkflowStatus.Completed, 7), (ended.State.Status, ended.Definition.Version));
        Assert.Equal(["older", "older"], stage.Script.Starts);
    }

    [Fact]
    public async Task Expression_ThatCannotBeEvaluated_FailsTheStepWithTheReason()
    {
        await using var stage = await StartStageAsync(Flow(Work("a", with: "\"${{ input.fail }}\"")));

        var ended = await stage.RunAsync();

        Assert.Equal(WorkflowStatus.Failed, ended.State.Status);
        Assert.Equal("'input.fail' can't be worked out", ended.State.Steps[0].Error);
        Assert.Empty(stage.Script.Starts);
    }

    [Fact]
    public async Task Payload_InvalidAfterEvaluation_FailsTheStepWithTheReason()
    {
        await using var stage = await StartStageAsync(
            Flow(""" "a": { "job": "flow.work", "payload": { "name": "${{ input.name }}" } } """));

        var ended = await stage.RunAsync(new { name = 7 });

        Assert.Equal(WorkflowStatus.Failed, ended.State.Status);
        Assert.Contains("name", ended.State.Steps[0].Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Output_ThatCannotBeEvaluated_FailsTheInstanceAndCompensates()
    {
        await using var stage = await StartStageAsync(
            Named("flow", "${{ input.fail }}", Work("a", Undo("a")), Work("b", "\"needs\": [\"a\"]")));

        var ended = await stage.RunAsync();

        Assert.Equal((WorkflowStatus.Failed, "no output: 'input.fail' can't be worked out"), (ended.State.Status, ended.State.Reason));
        Assert.Equal(["a", "b", "undo a"], stage.Script.Starts);
        Assert.Equal([StepStatus.Compensated, StepStatus.Succeeded], ended.State.Steps.Select(step => step.Status));
        Assert.True(ended.HasEnded);
        Assert.Null(await stage.OutputAsync());
    }

    [Fact]
    public async Task Output_OfAChildThatCannotBeEvaluated_FailsTheStep()
    {
        await using var stage = await StartStageAsync(
            Flow(""" "call": { "workflow": "child" } """), Named("child", "${{ input.fail }}", Work("a")));

        var ended = await stage.RunAsync();

        Assert.Equal(WorkflowStatus.Failed, ended.State.Status);
        Assert.Contains("no output: 'input.fail' can't be worked out", ended.State.Steps[0].Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Output_OfAStep_CanBeLargerThanAMessage()
    {
        await using var stage = await StartStageAsync(
            Named("flow", "${{ steps.b.output }}", Work("a"), Work("b", "\"needs\": [\"a\"]", "\"${{ steps.a.output }}\"")));
        var big = new string('x', 200_000);
        stage.Script.Act = (payload, _, _) => Task.FromResult<JobOutcome<string>>(payload.Name == "a" ? big : payload.With.GetString()!);

        Assert.Equal(WorkflowStatus.Completed, (await stage.RunAsync()).State.Status);

        Assert.Equal($"\"{big}\"", await stage.OutputAsync());
    }

    [Fact]
    public async Task Payload_OfTheMaximumDepth_ArrivesComplete()
    {
        // A definition has at most 64 levels; the payload member is at the fifth.
        const int levels = 58;
        var deep = new string('[', levels) + new string(']', levels);
        await using var stage = await StartStageAsync(
            Flow(Work("a", with: deep), """ "call": { "needs": ["a"], "workflow": "child" } """),
            Named("child", null, Work("b", with: deep)));
        var depths = new List<int>();
        stage.Script.Act = (payload, _, _) =>
        {
            depths.Add(payload.With.GetRawText().Count(c => c == '['));
            return Task.FromResult<JobOutcome<string>>("done");
        };

        Assert.Equal((WorkflowStatus.Completed, null), ((await stage.RunAsync()).State.Status, (await stage.ReadAsync()).State.Reason));
        Assert.Equal([levels, levels], depths);
    }

    [Fact]
    public async Task Message_ThatNamesAWorkflow_StartsItOnce()
    {
        await using var stage = await StartStageAsync(Named("flow", "${{ steps.a.output }}", Work("a", with: "\"${{ input.name }}\"")));
        await stage.DropAsync("""{ "workflow": "flow", "input": { "name": "Ada" } }""");

        await stage.RunUntilIdleAsync();

        var instance = Assert.Single((await stage.Workflows.ListAsync(new(), null, 10, Token)).Instances);
        Assert.Equal(("flow", WorkflowStatus.Completed), (instance.Name, instance.Status));
        Assert.Equal(["a"], stage.Script.Starts);
    }

    [Fact]
    public async Task List_WithAFilter_FindsByNameStateAndTime()
    {
        await using var stage = await StartStageAsync(Flow(Work("a")), Named("gate", null, """ "ok": { "waitFor": "approved" } """));
        var gate = StageServices.Read(Named("gate", null, """ "ok": { "waitFor": "approved" } """));
        await stage.RunAsync();
        var between = stage.Time.GetUtcNow() + TimeSpan.FromMinutes(1);
        stage.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.True(await stage.StartAsync(gate, id: "waiting"));
        await stage.RunDueAsync();

        Assert.Equal(["waiting"], await IdsAsync(new WorkflowFilter(Name: "gate")));
        Assert.Equal([WorkflowStage.Id], await IdsAsync(new WorkflowFilter(Status: WorkflowStatus.Completed)));
        Assert.Equal(["waiting"], await IdsAsync(new WorkflowFilter(From: between)));
        Assert.Equal([WorkflowStage.Id], await IdsAsync(new WorkflowFilter(To: between)));
        Assert.Equal(["waiting", WorkflowStage.Id], await IdsAsync(new WorkflowFilter()));

        async Task<IEnumerable<string>> IdsAsync(WorkflowFilter filter) =>
            (await stage.Workflows.ListAsync(filter, null, 10, Token)).Instances.Select(instance => instance.Id);
    }
}
