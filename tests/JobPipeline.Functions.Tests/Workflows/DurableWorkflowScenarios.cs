using JobPipeline.Functions.Durable;
using JobPipeline.Functions.Tests.Workflows.Stage;
using JobPipeline.Handlers;
using JobPipeline.Workflows.Machine;
using static JobPipeline.Tests.Rig.FlowRig;

namespace JobPipeline.Functions.Tests.Workflows;

/// <summary>The scenarios under the newest interpreter, with jobs that are not expected to be quick: without strands.</summary>
[Slow]
public sealed class DurableWorkflowScenarios(SharedAzurite azurite) : DurableScenarios(azurite, Interpreter.Version);

/// <summary>The scenarios with jobs that are expected to be quick: steps run in strands.</summary>
[Slow]
public sealed class StrandWorkflowScenarios(SharedAzurite azurite) : DurableScenarios(azurite, Interpreter.Version, isQuick: true);

/// <summary>The scenarios under the interpreter of instances that were started by an earlier release.</summary>
[Slow]
public sealed class EarlierDurableWorkflowScenarios(SharedAzurite azurite) : DurableScenarios(azurite, interpreter: 1);

public abstract class DurableScenarios(SharedAzurite azurite, int interpreter, bool isQuick = false) : WorkflowScenarios
{
    private protected override async Task<WorkflowStage> StartStageAsync(params string[] definitions) =>
        await DurableStage.StartAsync(azurite, definitions, interpreter, isQuick);

    /// <summary>
    /// The handler started late, so its own timeout has not expired. That of the attempt has; its timer event may still be in
    /// transit.
    /// </summary>
    [Fact]
    public async Task Result_AfterTheTimeout_IsRejectedEvenIfItsTimerIsLate()
    {
        await using var stage = await StartStageAsync(Flow(Work("a", """ "timeout": "00:00:01.5000000" """)));
        var (started, result) = (new TaskCompletionSource<bool>(), new TaskCompletionSource<JobOutcome<string>>());
        stage.Script.Act = (_, _, _) =>
        {
            if (stage.Script.Starts.Count == 1)
                return Task.FromResult<JobOutcome<string>>(JobOutcome.Snooze(TimeSpan.FromSeconds(1)));
            started.SetResult(true);
            return result.Task;
        };
        Assert.True(await stage.StartAsync());
        await stage.RunDueAsync();
        stage.Time.Advance(TimeSpan.FromSeconds(1.1));
        var delivery = stage.RunDueAsync();
        await started.Task.InTime();

        stage.Time.Advance(TimeSpan.FromSeconds(0.6));
        result.SetResult("too late");
        await delivery;

        var ended = await stage.EndAsync();
        Assert.Equal(WorkflowStatus.Failed, ended.State.Status);
        Assert.Equal("timed out after 00:00:01.5000000", ended.State.Steps[0].Error);
    }
}
