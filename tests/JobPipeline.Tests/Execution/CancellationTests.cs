using JobPipeline.Enqueueing;
using JobPipeline.Execution;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Tests.Rig;

namespace JobPipeline.Tests.Execution;

public sealed class CancellationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cancel_QueuedJob_NeverStarts()
    {
        await using var pipeline = new TestPipeline();
        var id = await pipeline.EnqueueAsync();
        Assert.Equal(CancelOutcome.Cancelled, await pipeline.Client.CancelAsync(id, "changed my mind", Token));
        Assert.Equal(
            (JobState.Cancelled, "changed my mind"),
            ((await pipeline.StatusAsync(id)).State, (await pipeline.StatusAsync(id)).Reason));

        Assert.IsType<DeliveryResult.Superseded>(await pipeline.DeliverAsync());
        Assert.Empty(pipeline.Script.Starts);
        Assert.Equal(0, pipeline.Messages());
    }

    [Fact]
    public async Task Cancel_RunningJob_SignalsTheHandlerAtTheNextHeartbeat()
    {
        await using var pipeline = new TestPipeline();
        pipeline.Script.Hangs();
        var id = await pipeline.EnqueueAsync();
        var run = pipeline.DeliverAsync();
        Assert.Equal(CancelOutcome.Requested, await pipeline.Client.CancelAsync(id, "stop", Token));
        Assert.Equal(CancelOutcome.Requested, await pipeline.Client.CancelAsync(id, "stop it", Token));
        Assert.False(run.IsCompleted);

        pipeline.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.IsType<DeliveryResult.Cancelled>(await run.InTime());
        Assert.Equal(JobState.Cancelled, await pipeline.StateAsync(id));
        Assert.Equal(CancelOutcome.Cancelled, await pipeline.Client.CancelAsync(id, "again", Token));
    }

    [Fact]
    public async Task Cancel_RunningJobThatSucceedsFirst_KeepsTheSuccess()
    {
        await using var pipeline = new TestPipeline();
        var gate = pipeline.Script.Hangs();
        var id = await pipeline.EnqueueAsync();
        var run = pipeline.DeliverAsync();
        await pipeline.Client.CancelAsync(id, "stop", Token);
        gate.SetResult(JobOutcome.Success());
        Assert.IsType<DeliveryResult.Succeeded>(await run.InTime());
        Assert.Equal(CancelOutcome.AlreadyEnded, await pipeline.Client.CancelAsync(id, "again", Token));
    }

    [Fact]
    public async Task Cancel_RunningJobThatFailsFirst_SchedulesNoRetry()
    {
        await using var pipeline = new TestPipeline();
        var gate = pipeline.Script.Hangs();
        var id = await pipeline.EnqueueAsync();
        var run = pipeline.DeliverAsync();
        await pipeline.Client.CancelAsync(id, "stop", Token);
        gate.SetException(new IOException("unplugged"));
        Assert.IsType<DeliveryResult.Cancelled>(await run.InTime());
        Assert.Equal(JobState.Cancelled, await pipeline.StateAsync(id));
        Assert.Equal(0, pipeline.Messages());
    }

    [Fact]
    public async Task Cancel_RetryingJob_ClaimsItsNextAttempt()
    {
        await using var pipeline = new TestPipeline();
        pipeline.Script.Throws(new IOException("unplugged"));
        var id = await pipeline.EnqueueAsync();
        await pipeline.DeliverAsync();
        Assert.Equal(CancelOutcome.Cancelled, await pipeline.Client.CancelAsync(id, "stop", Token));
        Assert.Equal([AttemptState.Failed, AttemptState.Cancelled], (await pipeline.RowsAsync(id)).Attempts.Select(a => a.State));

        pipeline.AdvanceToNextMessage();
        Assert.IsType<DeliveryResult.Superseded>(await pipeline.DeliverAsync());
        Assert.Equal((id, 1), Assert.Single(pipeline.Script.Starts));
        Assert.Equal(0, pipeline.Messages());
    }

    [Fact]
    public async Task Cancel_SnoozedJob_EndsTheReleasedAttempt()
    {
        await using var pipeline = new TestPipeline();
        pipeline.Script.Returns(JobOutcome.Snooze(TimeSpan.FromHours(1)));
        var id = await pipeline.EnqueueAsync();
        await pipeline.DeliverAsync();
        Assert.Equal(CancelOutcome.Cancelled, await pipeline.Client.CancelAsync(id, "stop", Token));
        Assert.Equal(AttemptState.Cancelled, Assert.Single((await pipeline.RowsAsync(id)).Attempts).State);
    }

    [Fact]
    public async Task Cancel_JobOfADeadWorker_EndsWhenItsClaimIsTakenOver()
    {
        await using var pipeline = new TestPipeline();
        var id = await pipeline.EnqueueAsync();
        await using var dead = pipeline.Frozen();
        dead.Script.Hangs();
        _ = dead.DeliverAsync();
        Assert.Equal(CancelOutcome.Requested, await pipeline.Client.CancelAsync(id, "stop", Token));

        pipeline.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.IsType<DeliveryResult.Cancelled>(await pipeline.DeliverAsync());
        Assert.Equal(JobState.Cancelled, await pipeline.StateAsync(id));
        Assert.Empty(pipeline.Script.Starts);
    }

    [Fact]
    public async Task Cancel_UnknownJob_ReturnsNotFound()
    {
        await using var pipeline = new TestPipeline();
        Assert.Equal(CancelOutcome.NotFound, await pipeline.Client.CancelAsync(JobId.Create(pipeline.Now), "stop", Token));
    }
}
