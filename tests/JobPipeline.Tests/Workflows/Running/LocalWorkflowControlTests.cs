using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Tests.Rig;
using JobPipeline.Workflows.Machine;
using JobPipeline.Workflows.Running;
using Microsoft.Extensions.DependencyInjection;
using static JobPipeline.Tests.Rig.FlowRig;

namespace JobPipeline.Tests.Workflows.Running;

/// <summary>What is done to a running workflow from outside, and what time does to it.</summary>
public sealed class LocalWorkflowControlTests
{
    private const string Gate = """ "ok": { "waitFor": "approved", "timeout": "1.00:00:00" } """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Event_RaisedWhileItIsWaitedFor_BecomesTheStepsOutput()
    {
        await using var rig = new FlowRig(Flow(Gate, Work("a", "\"needs\": [\"ok\"]", "\"${{ steps.ok.output.by }}\"")));
        await rig.StartAsync();
        await rig.RunDueAsync();
        Assert.Empty(rig.Script.Starts);

        Assert.Equal(RaiseOutcome.Accepted, await rig.Workflows.RaiseAsync(Id, "approved", """{ "by": "Ada" }"""u8.ToArray(), Token));
        await rig.Harness.RunUntilIdleAsync(Token);

        Assert.Equal("\"a(Ada)\"", await rig.OutputAsync("a"));
        Assert.Equal(WorkflowStatus.Completed, (await rig.ReadAsync()).State.Status);
    }

    [Fact]
    public async Task Event_RaisedBefore_IsKeptForTheStep()
    {
        await using var rig = new FlowRig(Flow(Work("first"), """ "ok": { "waitFor": "approved", "needs": ["first"] } """));
        await rig.StartAsync();
        Assert.Equal(RaiseOutcome.Accepted, await rig.Workflows.RaiseAsync(Id, "approved", "7"u8.ToArray(), Token));

        await rig.Harness.RunUntilIdleAsync(Token);

        Assert.Equal("7", await rig.OutputAsync("ok"));
        Assert.Equal(RaiseOutcome.NotRunning, await rig.Workflows.RaiseAsync(Id, "approved", default, Token));
    }

    [Theory]
    [InlineData("fail", StepStatus.Failed, WorkflowStatus.Failed)]
    [InlineData("continue", StepStatus.Succeeded, WorkflowStatus.Completed)]
    public async Task Event_ThatDoesNotCome_EndsTheStepByItsRule(string rule, StepStatus step, WorkflowStatus workflow)
    {
        await using var rig = new FlowRig(Flow($$""" "ok": { "waitFor": "approved", "timeout": "1.00:00:00", "onTimeout": "{{rule}}" } """));

        var ended = await rig.RunAsync();

        Assert.Equal((step, workflow), (ended.State.Steps[0].Status, ended.State.Status));
        Assert.Equal(TimeSpan.FromDays(1), ended.State.Steps[0].EndedAt - ended.State.Steps[0].StartedAt);
    }

    [Fact]
    public async Task Cancel_StopsTheRunningJobAndUndoes()
    {
        await using var rig = new FlowRig(Flow(Work("a", Undo("a")), Work("b", $"\"needs\": [\"a\"], {Undo("b")}"), Work("c", "\"needs\": [\"b\"]")));
        var running = Hang(rig, "b");
        await rig.StartAsync();
        var delivery = rig.RunDueAsync();
        var token = await running.Started.Task;

        Assert.True(await rig.Workflows.RequestAsync(Id, new WorkflowEvent.CancelRequested("enough"), Token));
        await rig.RunDueAsync();
        Assert.Equal(WorkflowStatus.Cancelling, (await rig.ReadAsync()).State.Status);
        rig.Harness.Time.Advance(TimeSpan.FromSeconds(30));
        await delivery;
        await rig.Harness.RunUntilIdleAsync(Token);

        Assert.True(token.IsCancellationRequested);
        Assert.Equal(["a", "b", "undo a"], rig.Script.Starts);
        var ended = await rig.ReadAsync();
        Assert.Equal((WorkflowStatus.Cancelled, "enough"), (ended.State.Status, ended.State.Reason));
        Assert.Equal([StepStatus.Compensated, StepStatus.Cancelled, StepStatus.Cancelled], ended.State.Steps.Select(step => step.Status));
    }

    [Fact]
    public async Task Cancel_InOneBatchWithTheStart_StopsWhatWasNotYetSent()
    {
        await using var rig = new FlowRig(Flow(Work("a", Undo("a"))));
        await rig.StartAsync();
        Assert.True(await rig.Workflows.RequestAsync(Id, new WorkflowEvent.CancelRequested("at once"), Token));

        await rig.Harness.RunUntilIdleAsync(Token);

        Assert.Equal(WorkflowStatus.Cancelled, (await rig.ReadAsync()).State.Status);
        Assert.Empty(rig.Script.Starts);
    }

    [Fact]
    public async Task Cancel_OfAParent_CancelsTheChild()
    {
        await using var rig = new FlowRig(Flow(""" "call": { "workflow": "child" } """), Named("child", null, Work("a", Undo("a")), """ "ok": { "waitFor": "approved", "needs": ["a"] } """));
        await rig.StartAsync();
        await rig.RunDueAsync();

        await rig.AskAsync(new WorkflowEvent.CancelRequested("enough"));

        Assert.Equal(["a", "undo a"], rig.Script.Starts);
        Assert.Equal([WorkflowStatus.Cancelled, WorkflowStatus.Cancelled], (await rig.Workflows.ListAsync(new(), null, 10, Token)).Instances.Select(instance => instance.Status));
    }

    [Fact]
    public async Task Terminate_EndsAtOnceAndUndoesNothing()
    {
        await using var rig = new FlowRig(Flow(Work("a", Undo("a")), """ "ok": { "waitFor": "approved", "needs": ["a"] } """, Work("b", "\"needs\": [\"ok\"]")));
        await rig.StartAsync();
        await rig.RunDueAsync();

        await rig.AskAsync(new WorkflowEvent.TerminateRequested("stop"));

        var ended = await rig.ReadAsync();
        Assert.Equal((WorkflowStatus.Terminated, "stop"), (ended.State.Status, ended.State.Reason));
        Assert.Equal(["a"], rig.Script.Starts);
        Assert.False(await rig.Workflows.RequestAsync(Id, new WorkflowEvent.ResumeRequested(), Token));
    }

    [Fact]
    public async Task Suspend_StartsNothingUntilTheResume()
    {
        await using var rig = new FlowRig(Flow(Work("a"), Work("b", "\"needs\": [\"a\"]")));
        await rig.StartAsync();
        Assert.True(await rig.Harness.RunNextAsync(Token));
        await rig.AskAsync(new WorkflowEvent.SuspendRequested("lunch"));
        Assert.Equal(["a"], rig.Script.Starts);
        Assert.True((await rig.ReadAsync()).State.IsSuspended);

        await rig.AskAsync(new WorkflowEvent.ResumeRequested());

        Assert.Equal(["a", "b"], rig.Script.Starts);
        Assert.Equal(WorkflowStatus.Completed, (await rig.ReadAsync()).State.Status);
    }

    [Fact]
    public async Task Rerun_RunsFromTheFailedStep()
    {
        await using var rig = new FlowRig(Flow(Work("a"), Work("b", "\"needs\": [\"a\"]"), Work("c", "\"needs\": [\"b\"]")));
        var isMended = false;
        rig.Script.Act = (payload, _, _) => payload.Name == "b" && !isMended ? throw new JobRejectedException("never") : Task.FromResult<JobOutcome<string>>(payload.Name);
        Assert.Equal(WorkflowStatus.Failed, (await rig.RunAsync()).State.Status);
        isMended = true;

        Assert.True(await rig.Workflows.RerunAsync(Id, Token));
        await rig.Harness.RunUntilIdleAsync(Token);

        Assert.Equal(["a", "b", "b", "c"], rig.Script.Starts);
        Assert.Equal(WorkflowStatus.Completed, (await rig.ReadAsync()).State.Status);
        Assert.False(await rig.Workflows.RerunAsync(Id, Token));
    }

    [Fact]
    public async Task Timeout_CancelsTheHandlerAndRefusesItsLateResult()
    {
        await using var rig = new FlowRig(Flow(Work("a", """ "timeout": "00:00:40", "retry": { "maxAttempts": 2, "backoff": { "kind": "fixed", "base": "00:00:00" } } """)));
        var late = new TaskCompletionSource<JobOutcome<string>>();
        var started = new TaskCompletionSource<CancellationToken>();
        rig.Script.Act = (_, _, cancellation) =>
        {
            if (rig.Script.Starts.Count > 1)
                return Task.FromResult<JobOutcome<string>>("in time");
            started.SetResult(cancellation);
            return late.Task;
        };
        await rig.StartAsync();
        var delivery = rig.RunDueAsync();
        var token = await started.Task;

        rig.Harness.Time.Advance(TimeSpan.FromSeconds(41));
        Assert.True(token.IsCancellationRequested);
        await rig.Harness.RunNextAsync(Token);
        await rig.Harness.RunUntilIdleAsync(Token);
        late.SetResult("too late");
        await delivery;
        await rig.Harness.RunUntilIdleAsync(Token);

        Assert.Equal(WorkflowStatus.Completed, (await rig.ReadAsync()).State.Status);
        Assert.Equal(2, (await rig.StepAsync("a")).Attempts);
        Assert.Equal("\"in time\"", await rig.OutputAsync("a"));
    }

    [Fact]
    public async Task Succeeded_OfAnAttemptThatNobodyWaitsFor_LeavesTheOutputAlone()
    {
        await using var rig = new FlowRig(Flow(Work("a"), """ "ok": { "waitFor": "approved" } """));
        await rig.StartAsync();
        await rig.RunDueAsync();
        var signals = rig.Harness.Services.GetRequiredService<IWorkflowSignals>();
        var late = new JobStatus { State = JobState.Succeeded, Attempt = 1, Since = rig.Harness.Time.GetUtcNow(), Result = "\"late\""u8.ToArray() };

        await signals.TellAsync(JobId.Create(rig.Harness.Time.GetUtcNow()), new WorkflowOrigin(Id, new StepRun("a", 1)), late, Token);
        await rig.RunDueAsync();

        Assert.Equal("\"a()\"", await rig.OutputAsync("a"));
    }

    [Fact]
    public async Task Purge_OfOneThatRuns_IsRefused()
    {
        await using var rig = new FlowRig(Flow(Gate));
        await rig.StartAsync();
        await rig.RunDueAsync();
        Assert.False(await rig.Workflows.PurgeAsync(Id, Token));
        await rig.AskAsync(new WorkflowEvent.TerminateRequested("stop"));

        Assert.True(await rig.Workflows.PurgeAsync(Id, Token));

        Assert.Null(await rig.Workflows.ReadAsync(Id, Token));
    }

    private static (TaskCompletionSource<CancellationToken> Started, string Step) Hang(FlowRig rig, string step)
    {
        var started = new TaskCompletionSource<CancellationToken>();
        rig.Script.Act = async (payload, _, cancellation) =>
        {
            if (payload.Name != step)
                return payload.Name;
            started.SetResult(cancellation);
            await Task.Delay(Timeout.InfiniteTimeSpan, rig.Harness.Time, cancellation);
            return "never";
        };
        return (started, step);
    }
}
