using JobPipeline.Handlers;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;
using Microsoft.DurableTask.Client;
using static JobPipeline.Tests.Rig.FlowRig;

namespace JobPipeline.Functions.Tests.Engine;

/// <summary>The orchestrator on the real engine. The scenarios shared by both interpreters run on its double, in virtual time.</summary>
[Slow]
public sealed class EngineTests(SharedAzurite azurite)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Steps_OfAChain_RunInOrderAndPassTheirOutputsOn()
    {
        await using var rig = await EngineRig.StartAsync(azurite, Named(
            "flow",
            "${{ steps.b.output }}",
            Work("a", with: "\"${{ input.name }}\""),
            Work("b", "\"needs\": [\"a\"]", "\"got ${{ steps.a.output }}\"")));

        var id = await rig.StartWorkflowAsync(new { name = "Ada" });
        var ended = await rig.EndAsync(id);

        Assert.Equal((WorkflowStatus.Completed, null), (ended.State.Status, ended.State.Reason));
        Assert.Equal("\"b(got a(Ada))\"", await rig.OutputAsync(id));
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await rig.Client.WaitForInstanceCompletionAsync(id, Token)).RuntimeStatus);
    }

    /// <summary>The clocks are real, so a slow machine may need several strands.</summary>
    [Fact]
    public async Task Steps_OfAQuickChain_RunInStrands()
    {
        const int links = 40;
        var steps = Enumerable.Range(0, links).Select(i =>
            i == 0 ? Work("s0") : Work($"s{i}", $"\"needs\": [\"s{i - 1}\"]", $"\"${{{{ steps.s{i - 1}.status }}}}\""));
        await using var rig = await EngineRig.StartAsync(
            azurite,
            [Named("flow", $"${{{{ steps.s{links - 1}.output }}}}", [.. steps])],
            [new("JobPipeline:Jobs:flow.work:ExpectedDuration", "00:00:00.020")]);

        var id = await rig.StartWorkflowAsync();
        var ended = await rig.EndAsync(id);

        Assert.Equal(WorkflowStatus.Completed, ended.State.Status);
        Assert.Equal($"\"s{links - 1}(succeeded)\"", await rig.OutputAsync(id));
        Assert.Equal(Enumerable.Range(0, links).Select(i => $"s{i}"), rig.Script.Starts);
        Assert.InRange(rig.Strands, 1, links / 2);
    }

    [Fact]
    public async Task Failure_OfAStep_IsRetriedAndThenCompensated()
    {
        await using var rig = await EngineRig.StartAsync(azurite, Flow(
            Work("a", Undo("a")),
            Work("b", """ "needs": ["a"], "retry": { "maxAttempts": 2, "backoff": { "kind": "fixed", "base": "00:00:00.1" } } """)));
        rig.Script.Act = (payload, _, _) => payload.Name == "b"
            ? throw new IOException("unplugged")
            : Task.FromResult<JobOutcome<string>>("done");

        var ended = await rig.EndAsync(await rig.StartWorkflowAsync());

        Assert.Equal(WorkflowStatus.Failed, ended.State.Status);
        Assert.Equal(["a", "b", "b", "undo a"], rig.Script.Starts);
    }

    [Fact]
    public async Task FanOut_OverManyItems_RunsInSlices()
    {
        const int items = 12;
        await using var rig = await EngineRig.StartAsync(azurite, Named("flow", "${{ length(steps.all.output) }}", """
            "all": {
              "forEach": {
                "items": "${{ input.list }}",
                "maxParallel": 6,
                "job": "flow.work",
                "payload": { "name": "${{ item }}", "with": null }
              }
            }
            """));

        var id = await rig.StartWorkflowAsync(new { list = Enumerable.Range(0, items).Select(i => $"n{i}") }, itemsPerSlice: 5);
        var ended = await rig.EndAsync(id);

        Assert.Equal((WorkflowStatus.Completed, items, items), (ended.State.Status, ended.State.Steps[0].Items, ended.State.Steps[0].Done));
        Assert.Equal(items.ToString(provider: null), await rig.OutputAsync(id));
        Assert.Equal(items, rig.Script.Starts.Distinct().Count());
        Assert.NotNull(await rig.Client.GetInstanceAsync($"{id}~all~10~1", Token));
    }

    [Fact]
    public async Task Child_OfAnInstance_ReturnsItsOutputAndIsCancelledWithItsParent()
    {
        await using var rig = await EngineRig.StartAsync(azurite, 
            Flow(
                """ "call": { "workflow": "child", "input": { "who": "Ada" } } """,
                Work("next", "\"needs\": [\"call\"]", "\"${{ steps.call.output }}\""),
                """ "wait": { "needs": ["next"], "workflow": "waiting" } """),
            Named("child", "${{ input.who }}", Work("a")),
            Named("waiting", null, """ "approval": { "waitFor": "approved" } """));

        var id = await rig.StartWorkflowAsync();
        await rig.UntilAsync(id, instance => instance.State.Steps[2].Status == StepStatus.Running, "the child waits");
        Assert.Equal("\"next(Ada)\"", await rig.OutputAsync(id, "next"));
        Assert.True(await rig.Workflows.RequestAsync(id, new WorkflowEvent.CancelRequested("had enough"), Token));

        Assert.Equal(WorkflowStatus.Cancelled, (await rig.EndAsync(id)).State.Status);
        Assert.DoesNotContain((await rig.Workflows.ListAsync(new(), null, 10, Token)).Instances, instance => !instance.Status.IsTerminal());
    }

    [Fact]
    public async Task Timeout_OfAnAttempt_StopsTheHandlerAndTheNextAttemptCounts()
    {
        await using var rig = await EngineRig.StartAsync(
            azurite,
            Flow(
                Work(
                    "a",
                    """ "timeout": "00:00:03", "retry": { "maxAttempts": 4, "backoff": { "kind": "fixed", "base": "00:00:00.1" } } """)));
        var wasStopped = new TaskCompletionSource();
        rig.Script.Act = async (_, _, stopping) =>
        {
            if (rig.Script.Starts.Count > 1)
                return "second";
            await using var _ = stopping.Register(wasStopped.SetResult);
            await wasStopped.Task;
            return "first, too late";
        };

        var id = await rig.StartWorkflowAsync();

        Assert.Equal(WorkflowStatus.Completed, (await rig.EndAsync(id)).State.Status);
        Assert.True(wasStopped.Task.IsCompleted);
        Assert.Equal("\"second\"", await rig.OutputAsync(id, "a"));
    }

    [Fact]
    public async Task Events_InGreatNumber_ContinueAsNewAndLoseNone()
    {
        await using var rig = await EngineRig.StartAsync(azurite, Flow(
            """ "first": { "waitFor": "first" } """,
            """ "approval": { "needs": ["first"], "waitFor": "approved", "timeout": "1.00:00:00" } """,
            Work("a", "\"needs\": [\"approval\"]", "\"${{ steps.approval.output }}\"")));
        var id = await rig.StartWorkflowAsync();
        for (var i = 0; i < Functions.Durable.Interpreter.EventsPerExecution * 2; i++)
            Assert.True(
                await rig.Workflows.RequestAsync(
                    id, i % 2 == 0 ? new WorkflowEvent.SuspendRequested("lunch") : new WorkflowEvent.ResumeRequested(), Token));
        Assert.Equal(RaiseOutcome.Accepted, await rig.Workflows.RaiseAsync(id, "first", default, Token));
        Assert.Equal(RaiseOutcome.Accepted, await rig.Workflows.RaiseAsync(id, "approved", "\"by Ada\""u8.ToArray(), Token));

        Assert.Equal(WorkflowStatus.Completed, (await rig.EndAsync(id)).State.Status);
        Assert.Equal("\"a(by Ada)\"", await rig.OutputAsync(id, "a"));
    }

    [Fact]
    public async Task Rerun_AfterAFailure_ContinuesFromTheFailedStep()
    {
        await using var rig = await EngineRig.StartAsync(
            azurite, Flow(Work("a"), Work("b", "\"needs\": [\"a\"]", "\"${{ steps.a.output }}\"")));
        rig.Script.Act = (payload, _, _) => payload.Name == "b" && rig.Script.Starts.Count == 2
            ? throw new JobRejectedException("not today")
            : Task.FromResult<JobOutcome<string>>("done");
        var id = await rig.StartWorkflowAsync();
        Assert.Equal(WorkflowStatus.Failed, (await rig.EndAsync(id)).State.Status);

        Assert.True(await rig.Workflows.RerunAsync(id, Token));

        Assert.Equal(WorkflowStatus.Completed, (await rig.EndAsync(id)).State.Status);
        Assert.Equal(["a", "b", "b"], rig.Script.Starts);
        Assert.True(await rig.Workflows.PurgeAsync(id, Token));
        Assert.Null(await rig.Workflows.ReadAsync(id, Token));
    }
}
