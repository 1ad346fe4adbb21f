using System.Globalization;
using JobPipeline.Functions.Tests.Workflows.Stage;
using JobPipeline.Handlers;
using JobPipeline.Limits.Pauses;
using JobPipeline.Tests.Rig;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;
using Microsoft.Extensions.DependencyInjection;
using static JobPipeline.Tests.Rig.FlowRig;

namespace JobPipeline.Functions.Tests.Workflows;

/// <summary>Delays, waits, timeouts, and limits that defer an attempt.</summary>
public abstract partial class WorkflowScenarios
{
    private const string Gate = """ "ok": { "waitFor": "approved", "timeout": "1.00:00:00" } """;

    [Fact]
    public async Task Delay_BetweenSteps_WaitsForItsTime()
    {
        await using var stage = await StartStageAsync(Flow(""" "wait": { "delay": "08:00:00" } """, Work("a", "\"needs\": [\"wait\"]")));
        Assert.True(await stage.StartAsync());
        await stage.RunDueAsync();
        stage.Time.Advance(TimeSpan.FromHours(8) - TimeSpan.FromSeconds(1));
        await stage.RunDueAsync();
        Assert.Empty(stage.Script.Starts);

        stage.Time.Advance(TimeSpan.FromSeconds(1));
        await stage.RunDueAsync();

        Assert.Equal(["a"], stage.Script.Starts);
    }

    [Theory]
    [InlineData("00:00:00.0010000")]
    [InlineData("00:00:00.9990000")]
    [InlineData("00:00:01")]
    [InlineData("00:00:01.5000000")]
    [InlineData("00:01:00.0200000")]
    [InlineData("1.00:00:00.7000000")]
    public async Task Delay_OfEachLength_IsNeverShorterThanAsked(string delay)
    {
        await using var stage = await StartStageAsync(Flow($$""" "wait": { "delay": "{{delay}}" } """));

        var step = (await stage.RunAsync()).State.Steps[0];

        AssertPassed(TimeSpan.Parse(delay, CultureInfo.InvariantCulture), step.EndedAt - step.StartedAt);
    }

    [Theory]
    [InlineData("00:00:00.3000000")]
    [InlineData("00:00:01")]
    [InlineData("00:00:02.9900000")]
    public async Task Backoff_OfEachLength_IsNeverShorterThanAsked(string backoff)
    {
        await using var stage = await StartStageAsync(Flow(
            Work("a", $$""" "retry": { "maxAttempts": 2, "backoff": { "kind": "fixed", "base": "{{backoff}}" } } """)));
        var starts = new List<DateTimeOffset>();
        stage.Script.Act = (_, _, _) =>
        {
            starts.Add(stage.Time.GetUtcNow());
            return starts.Count == 1 ? throw new IOException("unplugged") : Task.FromResult<JobOutcome<string>>("done");
        };

        Assert.Equal(WorkflowStatus.Completed, (await stage.RunAsync()).State.Status);

        AssertPassed(TimeSpan.Parse(backoff, CultureInfo.InvariantCulture), starts[1] - starts[0]);
    }

    [Theory]
    [InlineData("00:00:01", 0.4)]
    [InlineData("00:00:01", 0.999)]
    [InlineData("00:00:02.5000000", 2.4)]
    public async Task Timeout_OfEachLength_NeverFiresEarly(string timeout, double seconds)
    {
        await using var stage = await StartStageAsync(Flow(Work("a", $$""" "timeout": "{{timeout}}" """)));
        var (started, result) = (new TaskCompletionSource<bool>(), new TaskCompletionSource<JobOutcome<string>>());
        stage.Script.Act = (_, _, _) =>
        {
            started.SetResult(true);
            return result.Task;
        };
        Assert.True(await stage.StartAsync());
        var delivery = stage.RunDueAsync();
        await started.Task.InTime();

        // Advance the time to the end of the work and process everything that becomes due.
        var end = stage.Time.GetUtcNow() + TimeSpan.FromSeconds(seconds);
        while (stage.Time.GetUtcNow() < end)
        {
            stage.Time.Advance(TimeSpan.FromMilliseconds(Math.Min(100, (end - stage.Time.GetUtcNow()).TotalMilliseconds)));
            await stage.RunDueAsync();
        }

        result.SetResult("in time");
        await delivery;

        Assert.Equal(WorkflowStatus.Completed, (await stage.EndAsync()).State.Status);
        Assert.Equal("\"in time\"", await stage.OutputAsync("a"));
    }

    [Fact]
    public async Task Event_JustBeforeTheTimeout_IsAccepted()
    {
        await using var stage = await StartStageAsync(Flow(""" "ok": { "waitFor": "approved", "timeout": "00:00:01" } """));
        Assert.True(await stage.StartAsync());
        await stage.RunDueAsync();
        stage.Time.Advance(TimeSpan.FromSeconds(0.9));
        await stage.RunDueAsync();

        await stage.RaiseAsync("approved", "1");

        Assert.Equal(WorkflowStatus.Completed, (await stage.EndAsync()).State.Status);
    }

    [Fact]
    public async Task Delay_OfManyDays_WaitsForThem()
    {
        await using var stage = await StartStageAsync(Flow(""" "wait": { "delay": "20.00:00:00" } """));
        var began = stage.Time.GetUtcNow();

        Assert.Equal(WorkflowStatus.Completed, (await stage.RunAsync()).State.Status);

        Assert.Equal(TimeSpan.FromDays(20), stage.Time.GetUtcNow() - began);
    }

    [Fact]
    public async Task Event_RaisedWhileAwaited_BecomesTheStepsOutput()
    {
        await using var stage = await StartStageAsync(Flow(Gate, Work("a", "\"needs\": [\"ok\"]", "\"${{ steps.ok.output.by }}\"")));
        Assert.True(await stage.StartAsync());
        await stage.RunDueAsync();
        Assert.Empty(stage.Script.Starts);

        await stage.RaiseAsync("approved", """{ "by": "Ada" }""");
        var ended = await stage.EndAsync();

        Assert.Equal("\"a(Ada)\"", await stage.OutputAsync("a"));
        Assert.Equal(WorkflowStatus.Completed, ended.State.Status);
    }

    [Fact]
    public async Task Event_RaisedBefore_IsKeptForTheStep()
    {
        await using var stage = await StartStageAsync(
            Flow(""" "rest": { "delay": "01:00:00" } """, """ "ok": { "waitFor": "approved", "needs": ["rest"] } """));
        Assert.True(await stage.StartAsync());
        await stage.RunDueAsync();
        await stage.RaiseAsync("approved", "7");

        Assert.Equal(WorkflowStatus.Completed, (await stage.EndAsync()).State.Status);

        Assert.Equal("7", await stage.OutputAsync("ok"));
        Assert.Equal(RaiseOutcome.NotRunning, await stage.Workflows.RaiseAsync(FlowRig.Id, "approved", default, Token));
    }

    [Fact]
    public async Task Events_OfOneName_AreReceivedByOneStepEachOldestFirst()
    {
        await using var stage = await StartStageAsync(Flow(
            """ "rest": { "delay": "01:00:00" } """,
            """ "first": { "waitFor": "go", "needs": ["rest"] } """,
            """ "second": { "waitFor": "go", "needs": ["first"] } """));
        Assert.True(await stage.StartAsync());
        await stage.RunDueAsync();
        await stage.RaiseAsync("go", "1");
        await stage.RaiseAsync("go", "2");

        Assert.Equal(WorkflowStatus.Completed, (await stage.EndAsync()).State.Status);

        Assert.Equal(("1", "2"), (await stage.OutputAsync("first"), await stage.OutputAsync("second")));
    }

    [Fact]
    public async Task Event_OfAnotherName_DoesNotEndTheWait()
    {
        await using var stage = await StartStageAsync(Flow(Gate));
        Assert.True(await stage.StartAsync());
        await stage.RunDueAsync();

        await stage.RaiseAsync("refused");

        Assert.Equal(StepStatus.Running, (await stage.StepAsync("ok")).Status);
    }

    [Theory]
    [InlineData("fail", StepStatus.Failed, WorkflowStatus.Failed)]
    [InlineData("continue", StepStatus.Succeeded, WorkflowStatus.Completed)]
    public async Task Event_ThatDoesNotArrive_EndsTheStepByItsTimeoutRule(string rule, StepStatus step, WorkflowStatus workflow)
    {
        await using var stage = await StartStageAsync(
            Flow($$""" "ok": { "waitFor": "approved", "timeout": "1.00:00:00", "onTimeout": "{{rule}}" } """));

        var ended = await stage.RunAsync();

        Assert.Equal((step, workflow), (ended.State.Steps[0].Status, ended.State.Status));
        Assert.Equal(TimeSpan.FromDays(1), ended.State.Steps[0].EndedAt - ended.State.Steps[0].StartedAt);
    }

    [Fact]
    public async Task Timeout_OfAnAttempt_CancelsTheHandlerAndRejectsItsLateResult()
    {
        await using var stage = await StartStageAsync(
            Flow(
                Work(
                    "a",
                    """ "timeout": "00:00:40", "retry": { "maxAttempts": 2, "backoff": { "kind": "fixed", "base": "00:00:00" } } """)));
        var late = new TaskCompletionSource<JobOutcome<string>>();
        var started = new TaskCompletionSource<CancellationToken>();
        stage.Script.Act = (_, _, cancellation) =>
        {
            if (stage.Script.Starts.Count > 1)
                return Task.FromResult<JobOutcome<string>>("in time");
            started.SetResult(cancellation);
            return late.Task;
        };
        Assert.True(await stage.StartAsync());
        var delivery = stage.RunDueAsync();
        var token = await started.Task.InTime();

        stage.Time.Advance(TimeSpan.FromSeconds(41));
        await CancelledAsync(token);
        await stage.RunUntilIdleAsync();
        late.SetResult("too late");
        await delivery;
        var ended = await stage.EndAsync();

        Assert.Equal((WorkflowStatus.Completed, 2), (ended.State.Status, ended.State.Steps[0].Attempts));
        Assert.Equal("\"in time\"", await stage.OutputAsync("a"));
    }

    [Fact]
    public async Task Pause_OfAJobType_DefersTheAttemptWithoutUsingIt()
    {
        await using var stage = await StartStageAsync(Flow(Work("a")));
        var pauses = stage.Services.GetRequiredService<PauseRegistry>();
        await pauses.PauseAsync(PauseTarget.JobType, FlowJob.Type, "test", "a rest", Token);
        Assert.True(await stage.StartAsync());
        await stage.RunDueAsync();
        stage.Time.Advance(TimeSpan.FromMinutes(10));
        await stage.RunDueAsync();
        Assert.Empty(stage.Script.Starts);

        await pauses.ResumeAsync(PauseTarget.JobType, FlowJob.Type, "test", Token);
        var ended = await stage.EndAsync();

        Assert.Equal((WorkflowStatus.Completed, 1), (ended.State.Status, ended.State.Steps[0].Attempts));
        Assert.Equal(["a"], stage.Script.Starts);
    }

    [Fact]
    public async Task Snooze_OfAHandler_UsesNoAttempt()
    {
        await using var stage = await StartStageAsync(Flow(Work("a")));
        stage.Script.Act = (_, _, _) => Task.FromResult<JobOutcome<string>>(
            stage.Script.Starts.Count < 3 ? JobOutcome.Snooze(TimeSpan.FromHours(1)) : JobOutcome.Success("rested"));

        var ended = await stage.RunAsync();

        Assert.Equal((WorkflowStatus.Completed, 1), (ended.State.Status, ended.State.Steps[0].Attempts));
        Assert.Equal(3, stage.Script.Starts.Count);
        Assert.Equal("\"rested\"", await stage.OutputAsync("a"));
    }

    /// <summary>Checks that the time is never shorter, and longer only by the rounding of a timer.</summary>
    private static void AssertPassed(TimeSpan asked, TimeSpan? passed) =>
        Assert.InRange(Assert.NotNull(passed), asked, asked + TimeSpan.FromSeconds(1));

    /// <summary>Signals the start of the handler, with its token.</summary>
    private static async Task CancelledAsync(CancellationToken token)
    {
        var cancelled = new TaskCompletionSource<bool>();
        await using var registration = token.Register(() => cancelled.TrySetResult(true));
        Assert.True(await cancelled.Task.InTime());
    }

    /// <summary>Makes the handlers of a step run until they are cancelled.</summary>
    private static Task<CancellationToken> Hang(WorkflowStage stage, string step)
    {
        var started = new TaskCompletionSource<CancellationToken>();
        stage.Script.Act = async (payload, _, cancellation) =>
        {
            if (payload.Name != step)
                return payload.Name;
            started.SetResult(cancellation);
            await Task.Delay(Timeout.InfiniteTimeSpan, stage.Time, cancellation);
            return "never";
        };
        return started.Task.InTime();
    }
}
