using JobPipeline.Functions.Durable;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Machine;
using static JobPipeline.Functions.Tests.Durable.StrandRig;

namespace JobPipeline.Functions.Tests.Durable;

/// <summary>Requests and time limits at every position of a strand: before each storage operation, or within a step.</summary>
public sealed class StrandRequestTests
{
    [Fact]
    public async Task Cancel_AtEveryPosition_CompensatesExactlyWhatRan() => Assert.Empty(await CancelAllAsync(StrandMutation.None));

    [Fact]
    public async Task Cancel_AppliedWhileTheStrandIsOut_IsCaught() =>
        Assert.NotEmpty(await CancelAllAsync(StrandMutation.RequestAppliedWhileOut));

    [Fact]
    public async Task Suspend_AtEveryPosition_StartsAtMostOneStepAndResumes()
    {
        await ForEachAsync(new WorkflowEvent.SuspendRequested("lunch"), async (rig, what, begunSince) =>
        {
            var state = await rig.RunAsync();
            if (!rig.WasInterfered)
                return false;
            Assert.True(begunSince() <= 1, $"{what}: {begunSince()} steps began after the request");
            // The request may come after the last step has started.
            if (state.Status == WorkflowStatus.Running)
            {
                Assert.True(state.IsSuspended, what);
                await rig.AskAsync(new WorkflowEvent.ResumeRequested());
                await rig.Engine.RunUntilIdleAsync(TestContext.Current.CancellationToken);
                state = await rig.StateAsync();
            }

            Assert.True(state.Status == WorkflowStatus.Completed, what);
            Assert.Equal(Enumerable.Range(0, Steps).Select(i => $"s{i}"), rig.Script.Starts);
            return true;
        });
    }

    [Fact]
    public async Task Terminate_AtEveryPosition_EndsAtOnce()
    {
        await ForEachAsync(new WorkflowEvent.TerminateRequested("stop"), async (rig, what, begunSince) =>
        {
            var state = await rig.RunAsync();
            if (!rig.WasInterfered)
                return false;
            Assert.True(state.Status is WorkflowStatus.Terminated or WorkflowStatus.Completed, what);
            Assert.True(begunSince() <= 1, $"{what}: {begunSince()} steps began after the request");
            Assert.All(state.Steps, step => Assert.Empty(step.Slots));
            return true;
        });
    }

    /// <summary>A step that hangs is asked to stop, although its strand is out.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(Steps - 1)]
    public async Task Cancel_WhileAStepHangs_StopsIt(int hanging)
    {
        await using var rig = new StrandRig();
        var (started, isStopped) = (new TaskCompletionSource(), false);
        rig.Script.Act = async (payload, _, token) =>
        {
            if (payload.Name != $"s{hanging}")
                return payload.Name;
            var stopped = new TaskCompletionSource();
            await using var registration = token.Register(stopped.SetResult);
            started.SetResult();
            await stopped.Task;
            isStopped = true;
            throw new OperationCanceledException(token);
        };
        var run = rig.RunAsync();
        await started.Task.InTime();

        await rig.AskAsync(new WorkflowEvent.CancelRequested("enough"));
        await rig.Engine.RunDueAsync(TestContext.Current.CancellationToken);
        Assert.Equal(WorkflowStatus.Cancelling, (await rig.StateAsync()).Status);
        rig.Time.Advance(TimeSpan.FromSeconds(30));
        await run.InTime();

        var state = await rig.StateAsync();
        Assert.True(isStopped);
        Assert.Equal((WorkflowStatus.Cancelled, "enough"), (state.Status, state.Reason));
        Assert.Equal(
            Enumerable.Range(0, Steps).Select(i => i < hanging ? StepStatus.Compensated : StepStatus.Cancelled),
            state.Steps.Select(step => step.Status));
    }

    /// <summary>The strand ends before a step with a time limit, whose timer belongs to the orchestration.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(Steps - 1)]
    public async Task TimeLimit_AtEveryPosition_TimesOut(int limited)
    {
        await using var rig = new StrandRig(
            StrandMutation.None, Chain(i => i == limited ? """, "timeout": "00:01:00" """ : ""));
        rig.Script.Act = (payload, _, _) => Task.FromResult<JobOutcome<string>>(
            payload.Name == $"s{limited}" ? JobOutcome.Snooze(TimeSpan.FromHours(1)) : JobOutcome.Success(payload.Name));

        var state = await rig.RunAsync();

        Assert.Equal(WorkflowStatus.Failed, state.Status);
        Assert.Equal("timed out after 00:01:00", state.Steps[limited].Error);
        Assert.All(Enumerable.Range(0, limited), i => Assert.Equal(StepStatus.Compensated, state.Steps[i].Status));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(Steps - 1)]
    public async Task Failure_AtEveryPosition_IsRetriedAndGoesOn(int failing)
    {
        await using var rig = new StrandRig(StrandMutation.None, Chain(_ => """, "retry": { "maxAttempts": 2 } """));
        rig.Script.Act = (payload, _, _) => payload.Name == $"s{failing}" && rig.Script.Starts.Count(name => name == payload.Name) == 1
            ? throw new IOException("not yet")
            : Task.FromResult<JobOutcome<string>>(payload.Name);

        var state = await rig.RunAsync();

        Assert.Equal(WorkflowStatus.Completed, state.Status);
        Assert.Equal(Steps + 1, rig.Script.Starts.Count);
    }

    /// <summary>No step starts after three seconds: two steps of two seconds a strand.</summary>
    [Fact]
    public async Task Strand_OfSlowSteps_EndsAfterThreeSeconds()
    {
        await using var rig = new StrandRig();
        rig.Script.Act = (payload, _, _) =>
        {
            rig.Time.Advance(TimeSpan.FromSeconds(2));
            return Task.FromResult<JobOutcome<string>>(payload.Name);
        };

        Assert.Equal(WorkflowStatus.Completed, (await rig.RunAsync()).Status);

        Assert.Equal(Steps / 2, rig.Activities.Count(name => name == StrandActivities.Run));
    }

    /// <summary>The time limit of a further step would not fit what is left of the function's time.</summary>
    [Fact]
    public async Task Strand_UnderAShortFunctionTimeout_RunsOneStep()
    {
        await using var rig = new StrandRig { FunctionTimeout = TimeSpan.FromMinutes(5) };

        Assert.Equal(WorkflowStatus.Completed, (await rig.RunAsync()).Status);

        Assert.Equal(Steps - 1, rig.Activities.Count(name => name == StrandActivities.Run));
    }

    private static async Task<List<string>> CancelAllAsync(StrandMutation mutation)
    {
        var defects = new List<string>();
        await ForEachAsync(
            new WorkflowEvent.CancelRequested("enough"),
            async (rig, what, begunSince) =>
            {
                var state = await rig.RunAsync();
                if (!rig.WasInterfered)
                    return false;
                if (state.Status is not (WorkflowStatus.Cancelled or WorkflowStatus.Completed))
                    defects.Add($"{what}: {state.Status}");
                if (begunSince() > 1)
                    defects.Add($"{what}: {begunSince()} steps began after the request");
                for (var i = 0; state.Status == WorkflowStatus.Cancelled && i < Steps; i++)
                {
                    var (done, undone) = (rig.Count($"s{i}", JobState.Succeeded), rig.Count($"s{i}", JobState.Succeeded, isUndo: true));
                    if (done != undone || (state.Steps[i].Status == StepStatus.Compensated) != (done == 1))
                        defects.Add($"{what}: step {i} ran {done} times, was undone {undone} times, and is {state.Steps[i].Status}");
                }

                // A step that is stopped between the check for requests and its claim is on record without its payload.
                var letters = rig.DeadLetters.Where(letter => letter.Reason != DeadLetterReason.ForgedIdentity);
                defects.AddRange(letters.Select(letter => $"{what}: {letter.Detail}"));
                return true;
            },
            mutation);
        return defects;
    }

    /// <summary>Sends a request before each storage operation of a strand. The number of steps that began since is counted.</summary>
    private static async Task ForEachAsync(
        WorkflowEvent request, Func<StrandRig, string, Func<int>, Task<bool>> test, StrandMutation mutation = StrandMutation.None)
    {
        var goesOn = true;
        for (var at = 1; goesOn; at++)
        {
            StrandRig? rig = null;
            var before = 0;
            rig = new StrandRig(mutation)
            {
                At = at,
                Does = () => rig!.OutsideAsync(async () =>
                {
                    before = rig.Script.Starts.Count;
                    await rig.AskAsync(request);
                    // The orchestration has the request before the strand goes on.
                    await rig.Engine.RunDueAsync(TestContext.Current.CancellationToken);
                }),
            };
            await using (rig)
            {
                rig.Script.Act = static (payload, _, _) => Task.FromResult<JobOutcome<string>>(payload.Name);
                goesOn = await test(rig, $"before operation {at}", () => rig.Script.Starts.Count(name => name[0] == 's') - before);
            }
        }
    }
}
