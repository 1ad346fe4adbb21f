using JobPipeline.Execution;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Tests.Rig;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Tests.Execution;

public sealed class StoppingHostTests
{
    [Fact]
    public async Task Stop_WhileAHandlerRuns_ReleasesTheAttempt()
    {
        await using var pipeline = new TestPipeline();
        pipeline.Script.Hangs();
        var id = await pipeline.EnqueueAsync(new JobRequest { Type = ScriptedJob.Type, MaxAttempts = 1 });
        using var stopping = new CancellationTokenSource();
        var run = pipeline.DeliverAsync(stopping: stopping);
        await stopping.CancelAsync();

        Assert.Equal(pipeline.Now, Assert.IsType<DeliveryResult.Snoozed>(await run.InTime()).PutBackUntil);
        Assert.Equal(JobState.Queued, await pipeline.StateAsync(id));
        Assert.True(pipeline.Storage.Queue.HasVisible(PriorityQueues.Normal));

        await using var next = pipeline.Another();
        Assert.IsType<DeliveryResult.Succeeded>(await next.DeliverAsync());
        var attempt = Assert.Single((await pipeline.RowsAsync(id)).Attempts);
        Assert.Equal((1, 0), (attempt.Number, attempt.Deaths));
    }

    [Fact]
    public async Task Stop_BeforeTheClaim_WritesNothing()
    {
        await using var pipeline = new TestPipeline();
        await pipeline.EnqueueAsync();
        pipeline.Storage.Calls.Clear();
        using var stopping = new CancellationTokenSource();
        await stopping.CancelAsync();
        Assert.IsType<DeliveryResult.Deferred>(await pipeline.DeliverAsync(stopping: stopping));
        Assert.Empty(pipeline.Storage.Calls);
        Assert.Empty(pipeline.Script.Starts);
    }

    [Fact]
    public async Task Stop_WhileAHandlerFinishes_KeepsTheSuccess()
    {
        await using var pipeline = new TestPipeline();
        var gate = pipeline.Script.Hangs(ignoringItsToken: true);
        var id = await pipeline.EnqueueAsync();
        using var stopping = new CancellationTokenSource();
        var run = pipeline.DeliverAsync(stopping: stopping);
        await stopping.CancelAsync();
        gate.SetResult(JobOutcome.Success());
        Assert.IsType<DeliveryResult.Succeeded>(await run.InTime());
        Assert.Equal(JobState.Succeeded, await pipeline.StateAsync(id));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Handler_ThatIgnoresItsToken_IsAbandonedAfterFiveSeconds(bool byTimeout)
    {
        await using var pipeline = new TestPipeline();
        var gate = pipeline.Script.Hangs(ignoringItsToken: true);
        var id = await pipeline.EnqueueAsync();
        using var stopping = new CancellationTokenSource();
        var run = pipeline.DeliverAsync(stopping: stopping);
        if (byTimeout)
            pipeline.Time.Advance(TimeSpan.FromMinutes(1));
        else
            await stopping.CancelAsync();
        pipeline.Time.Advance(TimeSpan.FromSeconds(5) - TimeSpan.FromTicks(1));
        Assert.False(run.IsCompleted);
        pipeline.Time.Advance(TimeSpan.FromTicks(1));

        if (byTimeout)
            Assert.IsType<DeliveryResult.Failed>(await run.InTime());
        else
            Assert.IsType<DeliveryResult.Snoozed>(await run.InTime());
        Assert.Contains(pipeline.Log.Entries, entry => entry is { Level: LogLevel.Error, Event.Id: 1006 });

        var state = await pipeline.StateAsync(id);
        gate.SetResult(JobOutcome.Success());
        Assert.Equal(state, await pipeline.StateAsync(id));
    }
}
