using JobPipeline.Handlers;
using JobPipeline.Tests.Rig;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;
using static JobPipeline.Tests.Rig.FlowRig;

namespace JobPipeline.Functions.Tests.Workflows;

/// <summary>Control requests to a running workflow.</summary>
public abstract partial class WorkflowScenarios
{
    [Fact]
    public async Task Cancel_WhileAJobRuns_StopsItAndCompensates()
    {
        await using var stage = await StartStageAsync(
            Flow(Work("a", Undo("a")), Work("b", $"\"needs\": [\"a\"], {Undo("b")}"), Work("c", "\"needs\": [\"b\"]")));
        var running = Hang(stage, "b");
        Assert.True(await stage.StartAsync());
        var delivery = stage.RunDueAsync();
        var token = await running;

        await stage.AskAsync(new WorkflowEvent.CancelRequested("enough"));
        Assert.Equal(WorkflowStatus.Cancelling, (await stage.ReadAsync()).State.Status);
        stage.Time.Advance(TimeSpan.FromSeconds(30));
        await CancelledAsync(token);
        await delivery;
        var ended = await stage.EndAsync();

        Assert.Equal(["a", "b", "undo a"], stage.Script.Starts);
        Assert.Equal((WorkflowStatus.Cancelled, "enough"), (ended.State.Status, ended.State.Reason));
        Assert.Equal([StepStatus.Compensated, StepStatus.Cancelled, StepStatus.Cancelled], ended.State.Steps.Select(step => step.Status));
    }

    [Fact]
    public async Task Cancel_BeforeTheFirstStep_StartsNothing()
    {
        await using var stage = await StartStageAsync(Flow(Gate, Work("a", $"\"needs\": [\"ok\"], {Undo("a")}")));
        Assert.True(await stage.StartAsync());
        await stage.AskAsync(new WorkflowEvent.CancelRequested("at once"));

        var ended = await stage.EndAsync();

        Assert.Equal(WorkflowStatus.Cancelled, ended.State.Status);
        Assert.Empty(stage.Script.Starts);
    }

    [Fact]
    public async Task Cancel_WithStepsOfTheRuleAlways_RunsThem()
    {
        await using var stage = await StartStageAsync(
            Flow(Gate, Work("tidy", "\"needs\": [\"ok\"], \"when\": \"always\""), Work("next", "\"needs\": [\"ok\"]")));
        Assert.True(await stage.StartAsync());
        await stage.RunDueAsync();

        await stage.AskAsync(new WorkflowEvent.CancelRequested("enough"));
        var ended = await stage.EndAsync();

        Assert.Equal(WorkflowStatus.Cancelled, ended.State.Status);
        Assert.Equal(["tidy"], stage.Script.Starts);
    }

    [Fact]
    public async Task Terminate_WhileAStepWaits_EndsAtOnceWithoutCompensation()
    {
        await using var stage = await StartStageAsync(
            Flow(Work("a", Undo("a")), """ "ok": { "waitFor": "approved", "needs": ["a"] } """, Work("b", "\"needs\": [\"ok\"]")));
        Assert.True(await stage.StartAsync());
        await stage.RunDueAsync();

        await stage.AskAsync(new WorkflowEvent.TerminateRequested("stop"));

        var ended = await stage.ReadAsync();
        Assert.Equal((WorkflowStatus.Terminated, "stop"), (ended.State.Status, ended.State.Reason));
        Assert.Equal(["a"], stage.Script.Starts);
        Assert.False(await stage.Workflows.RequestAsync(FlowRig.Id, new WorkflowEvent.ResumeRequested(), Token));
    }

    [Fact]
    public async Task Terminate_WithARunningJob_EndsBeforeTheJob()
    {
        await using var stage = await StartStageAsync(Flow(Work("a", Undo("a"))));
        var running = Hang(stage, "a");
        Assert.True(await stage.StartAsync());
        var delivery = stage.RunDueAsync();
        var token = await running;

        await stage.AskAsync(new WorkflowEvent.TerminateRequested("stop"));
        Assert.Equal(WorkflowStatus.Terminated, (await stage.ReadAsync()).State.Status);
        stage.Time.Advance(TimeSpan.FromSeconds(30));
        await CancelledAsync(token);
        await delivery;
        var ended = await stage.EndAsync();

        Assert.Equal((WorkflowStatus.Terminated, "stop"), (ended.State.Status, ended.State.Reason));
        Assert.Equal(["a"], stage.Script.Starts);
    }

    [Fact]
    public async Task Suspend_BetweenSteps_StartsNothingUntilTheResume()
    {
        await using var stage = await StartStageAsync(Flow(Work("a"), Work("b", "\"needs\": [\"a\"]")));
        stage.Script.Act = async (payload, _, _) =>
        {
            if (payload.Name == "a")
                Assert.True(await stage.Workflows.RequestAsync(FlowRig.Id, new WorkflowEvent.SuspendRequested("lunch"), Token));
            return payload.Name;
        };
        Assert.True(await stage.StartAsync());
        var suspended = await stage.EndAsync();
        Assert.Equal((WorkflowStatus.Running, true), (suspended.State.Status, suspended.State.IsSuspended));
        Assert.Equal(["a"], stage.Script.Starts);

        await stage.AskAsync(new WorkflowEvent.ResumeRequested());
        var ended = await stage.EndAsync();

        Assert.Equal(["a", "b"], stage.Script.Starts);
        Assert.Equal((WorkflowStatus.Completed, false), (ended.State.Status, ended.State.IsSuspended));
    }

    [Fact]
    public async Task Suspend_DuringABackoff_HoldsTheAttemptThatBecomesDue()
    {
        await using var stage = await StartStageAsync(
            Flow(Work("a", """ "retry": { "maxAttempts": 2, "backoff": { "kind": "fixed", "base": "00:01:00" } } """)));
        stage.Script.Act = (payload, _, _) => stage.Script.Starts.Count == 1
            ? throw new IOException("not yet")
            : Task.FromResult<JobOutcome<string>>(payload.Name);
        Assert.True(await stage.StartAsync());
        await stage.RunDueAsync();
        await stage.AskAsync(new WorkflowEvent.SuspendRequested("lunch"));
        stage.Time.Advance(TimeSpan.FromHours(1));
        await stage.RunDueAsync();
        Assert.Equal(["a"], stage.Script.Starts);

        await stage.AskAsync(new WorkflowEvent.ResumeRequested());
        var ended = await stage.EndAsync();

        Assert.Equal(["a", "a"], stage.Script.Starts);
        Assert.Equal(WorkflowStatus.Completed, ended.State.Status);
    }

    [Fact]
    public async Task Suspend_WhileAnEventIsAwaited_StillAcceptsIt()
    {
        await using var stage = await StartStageAsync(Flow(Gate, Work("a", "\"needs\": [\"ok\"]")));
        Assert.True(await stage.StartAsync());
        await stage.RunDueAsync();
        await stage.AskAsync(new WorkflowEvent.SuspendRequested("lunch"));

        await stage.RaiseAsync("approved");

        Assert.Equal(StepStatus.Succeeded, (await stage.StepAsync("ok")).Status);
        Assert.Empty(stage.Script.Starts);
        await stage.AskAsync(new WorkflowEvent.ResumeRequested());
        Assert.Equal(WorkflowStatus.Completed, (await stage.EndAsync()).State.Status);
    }

    [Fact]
    public async Task Request_Repeated_IsAppliedOnce()
    {
        await using var stage = await StartStageAsync(Flow(Gate));
        Assert.True(await stage.StartAsync());
        await stage.RunDueAsync();
        var suspend = new WorkflowEvent.SuspendRequested("lunch", "one");
        await stage.AskAsync(suspend);
        await stage.AskAsync(new WorkflowEvent.ResumeRequested());

        await stage.AskAsync(suspend);

        Assert.False((await stage.ReadAsync()).State.IsSuspended);
    }

    [Fact]
    public async Task Requests_ForUnknownInstances_AreRejected()
    {
        await using var stage = await StartStageAsync(Flow(Work("a")));

        Assert.False(await stage.Workflows.RequestAsync("nobody", new WorkflowEvent.CancelRequested("why"), Token));
        Assert.Equal(RaiseOutcome.NotRunning, await stage.Workflows.RaiseAsync("nobody", "approved", default, Token));
        Assert.False(await stage.Workflows.RerunAsync("nobody", Token));
        Assert.False(await stage.Workflows.PurgeAsync("nobody", Token));
        Assert.Null(await stage.Workflows.ReadAsync("nobody", Token));
    }

    [Fact]
    public async Task Purge_OfEndedInstances_RemovesTheirData()
    {
        await using var stage = await StartStageAsync(
            Named("flow", "${{ steps.a.output }}", Work("a"), """ "ok": { "waitFor": "approved", "needs": ["a"] } """));
        Assert.True(await stage.StartAsync(new { name = "Ada" }));
        await stage.RunDueAsync();
        Assert.False(await stage.Workflows.PurgeAsync(FlowRig.Id, Token));
        await stage.RaiseAsync("approved");
        Assert.Equal(WorkflowStatus.Completed, (await stage.EndAsync()).State.Status);

        Assert.True(await stage.Workflows.PurgeAsync(FlowRig.Id, Token));

        Assert.Null(await stage.Workflows.ReadAsync(FlowRig.Id, Token));
        Assert.Null(await stage.OutputAsync());
        Assert.Null(await stage.OutputAsync("a"));
        Assert.True(await stage.StartAsync(new { name = "Eve" }));
    }
}
