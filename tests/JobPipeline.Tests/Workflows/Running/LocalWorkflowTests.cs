using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Tests.Rig;
using JobPipeline.Workflows.Machine;
using static JobPipeline.Tests.Rig.FlowRig;

namespace JobPipeline.Tests.Workflows.Running;

/// <summary>Steps and what flows between them, on the local runner.</summary>
public sealed class LocalWorkflowTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Chain_PassesOutputsOnAndGivesItsOwn()
    {
        await using var rig = new FlowRig(Named(
            "flow", "${{ steps.b.output }}", Work("a", with: "\"${{ input.name }}\""), Work("b", "\"needs\": [\"a\"]", "\"got ${{ steps.a.output }}\"")));

        var ended = await rig.RunAsync(new { name = "Ada" });

        Assert.Equal((WorkflowStatus.Completed, null), (ended.State.Status, ended.State.Reason));
        Assert.Equal(["a", "b"], rig.Script.Starts);
        Assert.Equal("\"b(got a(Ada))\"", await rig.OutputAsync());
        Assert.Empty(ended.Outbox);
    }

    [Fact]
    public async Task Diamond_JoinsWhenBothSidesAreDone()
    {
        await using var rig = new FlowRig(Flow(
            Work("top"), Work("left", "\"needs\": [\"top\"]"), Work("right", "\"needs\": [\"top\"]"), Work("bottom", "\"needs\": [\"left\", \"right\"]")));

        var ended = await rig.RunAsync();

        Assert.Equal(WorkflowStatus.Completed, ended.State.Status);
        Assert.Equal("top", rig.Script.Starts[0]);
        Assert.Equal(["left", "right"], rig.Script.Starts[1..3].Order());
        Assert.Equal("bottom", rig.Script.Starts[3]);
    }

    [Fact]
    public async Task ForEach_Of50Items_RunsFiveAtATimeAndCollectsInOrder()
    {
        const string each = """
            "all": { "forEach": { "items": "${{ input.list }}", "maxParallel": 5, "job": "flow.work", "payload": { "name": "${{ item }}", "with": "${{ index }}" } } }
            """;
        await using var rig = new FlowRig(Named("flow", "${{ steps.all.output }}", each));
        await rig.StartAsync(new { list = Enumerable.Range(0, 50).Select(i => $"n{i}") });
        var most = 0;
        while (await rig.Harness.RunNextAsync(Token))
            most = Math.Max(most, (await rig.StepAsync("all")).Slots.Length);

        Assert.Equal(5, most);
        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"n{i}"), rig.Script.Starts.OrderBy(name => int.Parse(name[1..], null)));
        Assert.Equal($"[{string.Join(',', Enumerable.Range(0, 50).Select(i => $"\"n{i}({i})\""))}]", await rig.OutputAsync());
        Assert.Equal((50, 50), ((await rig.StepAsync("all")).Items, (await rig.StepAsync("all")).Done));
    }

    [Fact]
    public async Task Failure_OfATransientKind_IsTriedAgainByTheWorkflowAlone()
    {
        await using var rig = new FlowRig(Flow(Work("a", """ "retry": { "maxAttempts": 3, "backoff": { "kind": "fixed", "base": "00:01:00" } } """)));
        rig.Script.Act = (_, context, _) => rig.Script.Starts.Count < 3 ? throw new IOException("not yet") : Task.FromResult<JobOutcome<string>>("there");
        var began = rig.Harness.Time.GetUtcNow();

        var ended = await rig.RunAsync();

        Assert.Equal(WorkflowStatus.Completed, ended.State.Status);
        Assert.Equal(3, rig.Script.Starts.Count);
        Assert.Equal(3, (await rig.StepAsync("a")).Attempts);
        Assert.Equal("\"there\"", await rig.OutputAsync("a"));
        Assert.True((await rig.StepAsync("a")).EndedAt - began >= TimeSpan.FromMinutes(1));
        Assert.Empty(await rig.Harness.GetDeadLettersAsync(Token));
    }

    [Fact]
    public async Task Failure_ForGood_RunsWhatIsMadeForFailures()
    {
        await using var rig = new FlowRig(Flow(
            Work("a", """ "retry": { "maxAttempts": 3 } """),
            Work("next", "\"needs\": [\"a\"]"),
            Work("mend", "\"needs\": [\"a\"], \"when\": \"anyFailed\"", "\"${{ steps.a.error }}\"")));
        rig.Script.Act = (payload, _, _) => payload.Name == "a" ? throw new JobRejectedException("never") : Task.FromResult<JobOutcome<string>>(payload.With.GetString()!);

        var ended = await rig.RunAsync();

        Assert.Equal(["a", "mend"], rig.Script.Starts);
        Assert.Equal(WorkflowStatus.Completed, ended.State.Status);
        Assert.Equal([StepStatus.Failed, StepStatus.Skipped, StepStatus.Succeeded], ended.State.Steps.Select(step => step.Status));
        Assert.Contains("never", await rig.OutputAsync("mend"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failure_ThatNobodyHandles_UndoesWhatWasDoneTheLastFirst()
    {
        await using var rig = new FlowRig(Flow(
            Work("a", Undo("a")), Work("b", $"\"needs\": [\"a\"], {Undo("b")}"), Work("c", $"\"needs\": [\"b\"], {Undo("c")}")));
        rig.Script.Act = (payload, _, _) => payload.Name == "c" ? throw new JobRejectedException("never") : Task.FromResult<JobOutcome<string>>("done");

        var ended = await rig.RunAsync();

        Assert.Equal(["a", "b", "c", "undo b", "undo a"], rig.Script.Starts);
        Assert.Equal(WorkflowStatus.Failed, ended.State.Status);
        Assert.Contains("step 'c' failed", ended.State.Reason, StringComparison.Ordinal);
        Assert.Equal([StepStatus.Compensated, StepStatus.Compensated, StepStatus.Failed], ended.State.Steps.Select(step => step.Status));
    }

    [Fact]
    public async Task Delay_LetsItsTimePass()
    {
        await using var rig = new FlowRig(Flow(""" "wait": { "delay": "08:00:00" } """, Work("a", "\"needs\": [\"wait\"]")));
        await rig.StartAsync();
        await rig.RunDueAsync();
        rig.Harness.Time.Advance(TimeSpan.FromHours(8) - TimeSpan.FromSeconds(1));
        await rig.RunDueAsync();
        Assert.Empty(rig.Script.Starts);

        rig.Harness.Time.Advance(TimeSpan.FromSeconds(1));
        await rig.RunDueAsync();

        Assert.Equal(["a"], rig.Script.Starts);
    }

    [Fact]
    public async Task Child_GivesItsOutputToItsParent()
    {
        await using var rig = new FlowRig(
            Named("flow", "${{ steps.call.output }}", """ "call": { "workflow": "child", "input": { "who": "${{ input.name }}" } } """),
            Named("child", "child of ${{ input.who }}: ${{ steps.a.output }}", Work("a", with: "\"${{ input.who }}\"")));

        var ended = await rig.RunAsync(new { name = "Ada" });

        Assert.Equal(WorkflowStatus.Completed, ended.State.Status);
        Assert.Equal("\"child of Ada: a(Ada)\"", await rig.OutputAsync());
    }

    [Fact]
    public async Task Child_ThatFails_FailsTheStep()
    {
        await using var rig = new FlowRig(Flow(""" "call": { "workflow": "child" } """), Named("child", null, Work("a")));
        rig.Script.Act = (_, _, _) => throw new JobRejectedException("never");

        var ended = await rig.RunAsync();

        Assert.Equal(WorkflowStatus.Failed, ended.State.Status);
        Assert.Contains("never", ended.State.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Expression_ThatCannotBeWorkedOut_FailsTheStepWithTheReason()
    {
        await using var rig = new FlowRig(Flow(Work("a", with: "\"${{ fail }}\"")));

        var ended = await rig.RunAsync();

        Assert.Equal(WorkflowStatus.Failed, ended.State.Status);
        Assert.Equal("'fail' can't be worked out", ended.State.Steps[0].Error);
        Assert.Empty(rig.Script.Starts);
    }

    [Fact]
    public async Task ForEach_OverWhatIsNoList_FailsTheStepWithTheReason()
    {
        await using var rig = new FlowRig(Flow(""" "all": { "forEach": { "items": "${{ input.list }}", "job": "flow.work", "payload": { "name": "x" } } } """));

        var ended = await rig.RunAsync(new { list = "text" });

        Assert.Equal(WorkflowStatus.Failed, ended.State.Status);
        Assert.Contains("no list but string", ended.State.Steps[0].Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Payload_ThatDoesNotFitOnceFilled_FailsTheStepWithTheReason()
    {
        await using var rig = new FlowRig(Flow(""" "a": { "job": "flow.work", "payload": { "name": "${{ input.name }}" } } """));

        var ended = await rig.RunAsync(new { name = 7 });

        Assert.Equal(WorkflowStatus.Failed, ended.State.Status);
        Assert.Contains("name", ended.State.Steps[0].Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_ThatNamesAWorkflow_StartsItOnce()
    {
        await using var rig = new FlowRig(Named("flow", "${{ steps.a.output }}", Work("a", with: "\"${{ input.name }}\"")));
        var queue = (IJobQueue)rig.Harness.Services.GetService(typeof(IJobQueue))!;
        await queue.SendAsync(JobLanes.Normal, """{ "workflow": "flow", "input": { "name": "Ada" } }"""u8.ToArray(), TimeSpan.Zero, Token);

        await rig.Harness.RunUntilIdleAsync(Token);

        var instance = Assert.Single((await rig.Workflows.ListAsync(new(), null, 10, Token)).Instances);
        Assert.Equal(("flow", WorkflowStatus.Completed), (instance.Name, instance.Status));
        Assert.Equal(["a"], rig.Script.Starts);
        Assert.Equal(JobState.Succeeded, await rig.Harness.GetStateAsync(JobId.Parse(instance.Id), Token));
    }

    [Fact]
    public async Task Start_OfAnIdThatIsThere_LeavesItAsItIs()
    {
        await using var rig = new FlowRig(Flow(Work("a", with: "\"${{ input.name }}\"")));
        await rig.StartAsync(new { name = "first" });

        await rig.RunAsync(new { name = "second" });

        Assert.Equal("\"a(first)\"", await rig.OutputAsync("a"));
        Assert.Equal(["a"], rig.Script.Starts);
    }
}
