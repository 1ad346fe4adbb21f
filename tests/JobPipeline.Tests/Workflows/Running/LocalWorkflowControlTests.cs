using JobPipeline.Execution;
using JobPipeline.Jobs;
using JobPipeline.Tests.Rig;
using JobPipeline.Workflows.Machine;
using Microsoft.Extensions.DependencyInjection;
using static JobPipeline.Tests.Rig.FlowRig;

namespace JobPipeline.Tests.Workflows.Running;

/// <summary>
/// Tests of requests to a running workflow that are specific to the local runner; the scenarios shared by all interpreters cover the rest.
/// </summary>
public sealed class LocalWorkflowControlTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cancel_InOneBatchWithTheStart_CancelsUnsentSteps()
    {
        await using var rig = new FlowRig(Flow(Work("a", Undo("a"))));
        await rig.StartAsync();
        Assert.True(await rig.Workflows.RequestAsync(Id, new WorkflowEvent.CancelRequested("at once"), Token));

        await rig.Harness.RunUntilIdleAsync(Token);

        Assert.Equal(WorkflowStatus.Cancelled, (await rig.ReadAsync()).State.Status);
        Assert.Empty(rig.Script.Starts);
    }

    [Fact]
    public async Task Succeeded_OfAnAttemptNoLongerAwaited_DoesNotChangeTheOutput()
    {
        await using var rig = new FlowRig(Flow(Work("a"), """ "ok": { "waitFor": "approved" } """));
        await rig.StartAsync();
        await rig.RunDueAsync();
        var signals = rig.Harness.Services.GetRequiredService<IWorkflowSignals>();
        var late = new JobStatus
        {
            State = JobState.Succeeded,
            Attempt = 1,
            Since = rig.Harness.Time.GetUtcNow(),
            Result = "\"late\""u8.ToArray(),
        };

        await signals.NotifyAsync(
            JobId.Create(rig.Harness.Time.GetUtcNow()), new WorkflowOrigin(Id, new StepRun("a", 1)), late, isRepeated: false, Token);
        await rig.RunDueAsync();

        Assert.Equal("\"a()\"", await rig.OutputAsync("a"));
    }
}
