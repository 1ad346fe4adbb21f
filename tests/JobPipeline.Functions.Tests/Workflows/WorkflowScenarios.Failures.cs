using JobPipeline.Handlers;
using JobPipeline.Tests.Rig;
using JobPipeline.Workflows.Machine;
using static JobPipeline.Tests.Rig.FlowRig;

namespace JobPipeline.Functions.Tests.Workflows;

/// <summary>Failing steps: retries, failure handlers and compensation.</summary>
public abstract partial class WorkflowScenarios
{
    [Fact]
    public async Task Failure_Transient_IsRetriedByTheWorkflowAlone()
    {
        await using var stage = await StartStageAsync(
            Flow(Work("a", """ "retry": { "maxAttempts": 3, "backoff": { "kind": "fixed", "base": "00:01:00" } } """)));
        stage.Script.Act = (_, _, _) => stage.Script.Starts.Count < 3
            ? throw new IOException("not yet")
            : Task.FromResult<JobOutcome<string>>("there");
        var began = stage.Time.GetUtcNow();

        var ended = await stage.RunAsync();

        Assert.Equal((WorkflowStatus.Completed, 3), (ended.State.Status, ended.State.Steps[0].Attempts));
        Assert.Equal(3, stage.Script.Starts.Count);
        Assert.Equal("\"there\"", await stage.OutputAsync("a"));
        Assert.True(ended.State.Steps[0].EndedAt - began >= TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Failure_Transient_EndsWithTheLastAttempt()
    {
        await using var stage = await StartStageAsync(
            Flow(Work("a", """ "retry": { "maxAttempts": 2, "backoff": { "kind": "fixed", "base": "00:00:01" } } """)));
        stage.Script.Act = (_, _, _) => throw new IOException("not today");

        var ended = await stage.RunAsync();

        Assert.Equal(
            (WorkflowStatus.Failed, StepStatus.Failed, 2),
            (ended.State.Status, ended.State.Steps[0].Status, ended.State.Steps[0].Attempts));
        Assert.Contains("not today", ended.State.Steps[0].Error, StringComparison.Ordinal);
        Assert.Equal(2, stage.Script.Starts.Count);
    }

    [Fact]
    public async Task Failure_Permanent_IsNotRetried()
    {
        await using var stage = await StartStageAsync(
            Flow(Work("a", """ "retry": { "maxAttempts": 3 } """), Work("next", "\"needs\": [\"a\"]")));
        stage.Script.Act = (_, _, _) => throw new JobRejectedException("never");

        var ended = await stage.RunAsync();

        Assert.Equal(WorkflowStatus.Failed, ended.State.Status);
        Assert.Contains("step 'a' failed", ended.State.Reason, StringComparison.Ordinal);
        Assert.Equal([StepStatus.Failed, StepStatus.Skipped], ended.State.Steps.Select(step => step.Status));
        Assert.Equal(["a"], stage.Script.Starts);
    }

    [Fact]
    public async Task Failure_WithAFailureHandlerStep_IsHandledByIt()
    {
        await using var stage = await StartStageAsync(Flow(
            Work("a"),
            Work("next", "\"needs\": [\"a\"]"),
            Work("handle", "\"needs\": [\"a\"], \"when\": \"anyFailed\"", "\"${{ steps.a.error }}\"")));
        stage.Script.Act = (payload, _, _) => payload.Name == "a"
            ? throw new JobRejectedException("never")
            : Task.FromResult<JobOutcome<string>>(payload.With.GetString()!);

        var ended = await stage.RunAsync();

        Assert.Equal(["a", "handle"], stage.Script.Starts);
        Assert.Equal(WorkflowStatus.Completed, ended.State.Status);
        Assert.Equal([StepStatus.Failed, StepStatus.Skipped, StepStatus.Succeeded], ended.State.Steps.Select(step => step.Status));
        Assert.Contains("never", await stage.OutputAsync("handle"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyFailed_WhereNothingFailed_IsSkipped()
    {
        await using var stage = await StartStageAsync(Flow(Work("a"), Work("handle", "\"needs\": [\"a\"], \"when\": \"anyFailed\"")));

        var ended = await stage.RunAsync();

        Assert.Equal((WorkflowStatus.Completed, StepStatus.Skipped), (ended.State.Status, ended.State.Steps[1].Status));
    }

    [Theory]
    [InlineData("allDone")]
    [InlineData("always")]
    public async Task CleanUp_AfterAnyOutcome_RunsAndHidesNoFailure(string rule)
    {
        await using var stage = await StartStageAsync(Flow(Work("a"), Work("tidy", $"\"needs\": [\"a\"], \"when\": \"{rule}\"")));
        stage.Script.Act = (payload, _, _) => payload.Name == "a"
            ? throw new JobRejectedException("never")
            : Task.FromResult<JobOutcome<string>>("tidy");

        var ended = await stage.RunAsync();

        Assert.Equal(["a", "tidy"], stage.Script.Starts);
        Assert.Equal((WorkflowStatus.Failed, StepStatus.Succeeded), (ended.State.Status, ended.State.Steps[1].Status));
    }

    [Fact]
    public async Task Failure_Unhandled_CompensatesInReverseOrder()
    {
        await using var stage = await StartStageAsync(Flow(
            Work("a", Undo("a")), Work("b", $"\"needs\": [\"a\"], {Undo("b")}"), Work("c", $"\"needs\": [\"b\"], {Undo("c")}")));
        stage.Script.Act = (payload, _, _) => payload.Name == "c"
            ? throw new JobRejectedException("never")
            : Task.FromResult<JobOutcome<string>>("done");

        var ended = await stage.RunAsync();

        Assert.Equal(["a", "b", "c", "undo b", "undo a"], stage.Script.Starts);
        Assert.Equal(WorkflowStatus.Failed, ended.State.Status);
        Assert.Equal([StepStatus.Compensated, StepStatus.Compensated, StepStatus.Failed], ended.State.Steps.Select(step => step.Status));
    }

    [Fact]
    public async Task Compensation_ThatFails_IsRecordedAndTheNextStillRuns()
    {
        await using var stage = await StartStageAsync(
            Flow(Work("a", Undo("a")), Work("b", $"\"needs\": [\"a\"], {Undo("b")}"), Work("c", "\"needs\": [\"b\"]")));
        stage.Script.Act = (payload, _, _) => payload.Name is "c" or "undo b"
            ? throw new JobRejectedException("never")
            : Task.FromResult<JobOutcome<string>>("done");

        var ended = await stage.RunAsync();

        Assert.Equal(["a", "b", "c", "undo b", "undo a"], stage.Script.Starts);
        Assert.Equal(WorkflowStatus.Failed, ended.State.Status);
        Assert.Equal(
            [StepStatus.Compensated, StepStatus.CompensationFailed, StepStatus.Failed],
            ended.State.Steps.Select(step => step.Status));
    }

    [Fact]
    public async Task Compensation_OfAStep_CanUseItsOutput()
    {
        const string a = """
            "a": {
              "job": "flow.work",
              "payload": { "name": "a", "with": null },
              "compensate": { "job": "flow.work", "payload": { "name": "undo ${{ steps.a.output }}", "with": null } }
            }
            """;
        await using var stage = await StartStageAsync(Flow(a, Work("b", "\"needs\": [\"a\"]")));
        stage.Script.Act = (payload, _, _) => payload.Name == "b"
            ? throw new JobRejectedException("never")
            : Task.FromResult<JobOutcome<string>>("order 7");

        await stage.RunAsync();

        Assert.Equal(["a", "b", "undo order 7"], stage.Script.Starts);
    }

    [Fact]
    public async Task Rerun_AfterAFailure_RunsFromTheFailedStep()
    {
        await using var stage = await StartStageAsync(Flow(Work("a"), Work("b", "\"needs\": [\"a\"]"), Work("c", "\"needs\": [\"b\"]")));
        var isFixed = false;
        stage.Script.Act = (payload, _, _) => payload.Name == "b" && !isFixed
            ? throw new JobRejectedException("never")
            : Task.FromResult<JobOutcome<string>>(payload.Name);
        Assert.Equal(WorkflowStatus.Failed, (await stage.RunAsync()).State.Status);
        isFixed = true;

        Assert.True(await stage.Workflows.RerunAsync(FlowRig.Id, Token));
        var ended = await stage.EndAsync();

        Assert.Equal(["a", "b", "b", "c"], stage.Script.Starts);
        Assert.Equal((WorkflowStatus.Completed, 2), (ended.State.Status, ended.State.Generation));
        Assert.False(await stage.Workflows.RerunAsync(FlowRig.Id, Token));
    }

    [Fact]
    public async Task Rerun_AfterCompensation_RunsCompensatedStepsAgain()
    {
        await using var stage = await StartStageAsync(Flow(Work("a", Undo("a")), Work("b", "\"needs\": [\"a\"]")));
        var isFixed = false;
        stage.Script.Act = (payload, _, _) => payload.Name == "b" && !isFixed
            ? throw new JobRejectedException("never")
            : Task.FromResult<JobOutcome<string>>(payload.Name);
        await stage.RunAsync();
        isFixed = true;

        Assert.True(await stage.Workflows.RerunAsync(FlowRig.Id, Token));
        var ended = await stage.EndAsync();

        Assert.Equal(["a", "b", "undo a", "a", "b"], stage.Script.Starts);
        Assert.Equal(WorkflowStatus.Completed, ended.State.Status);
    }
}
