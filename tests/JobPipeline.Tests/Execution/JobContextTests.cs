using JobPipeline.Execution;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Tests.Rig;

namespace JobPipeline.Tests.Execution;

/// <summary>Tests of what a handler can do through its context: progress, checkpoints and child jobs.</summary>
public sealed class JobContextTests
{
    [Fact]
    public async Task Progress_OfARunningJob_IsStoredASecondLaterInOneWrite()
    {
        await using var pipeline = new TestPipeline();
        var gate = new TaskCompletionSource<JobOutcome>();
        pipeline.Script.Act = (context, _) =>
        {
            for (var i = 1; i <= 100; i++)
                context.ReportProgress(i, 100, "rows");
            return gate.Task;
        };
        var id = await pipeline.EnqueueAsync();
        var run = pipeline.DeliverAsync();
        pipeline.Time.Advance(TimeSpan.FromSeconds(1) - TimeSpan.FromTicks(1));
        Assert.Null((await pipeline.RowsAsync(id)).Current!.Progress);
        pipeline.Time.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(new JobProgress(100, 100, "rows"), (await pipeline.RowsAsync(id)).Current!.Progress);
        Assert.Single(pipeline.Storage.Calls, call => call == "write touch");
        gate.SetResult(JobOutcome.Success());
        await run.InTime();
        Assert.Equal(new JobProgress(100, 100, "rows"), (await pipeline.RowsAsync(id)).Current!.Progress);
    }

    [Fact]
    public async Task Progress_ReportedJustBeforeTheEnd_IsStoredWithTheOutcome()
    {
        await using var pipeline = new TestPipeline();
        pipeline.Script.Act = (context, _) =>
        {
            context.ReportProgress(7, note: new string('n', 500));
            return Task.FromResult(JobOutcome.Success());
        };
        var id = await pipeline.EnqueueAsync();
        await pipeline.DeliverAsync();
        Assert.Equal(new JobProgress(7, null, new string('n', 200)), (await pipeline.RowsAsync(id)).Current!.Progress);
    }

    [Fact]
    public async Task Checkpoint_OfAFailedAttempt_IsReadByTheNextAttempt()
    {
        await using var pipeline = new TestPipeline();
        var seen = new List<int>();
        pipeline.Script.Act = async (context, cancellationToken) =>
        {
            var position = await context.GetCheckpointAsync<int>(cancellationToken);
            seen.Add(position);
            await context.SaveCheckpointAsync(position + 10, cancellationToken);
            return context.Attempt < 3 ? throw new IOException("unplugged") : JobOutcome.Success();
        };
        await pipeline.EnqueueAsync();
        for (var i = 0; i < 3; i++)
        {
            pipeline.AdvanceToNextMessage();
            await pipeline.DeliverAsync();
        }

        Assert.Equal([0, 10, 20], seen);
    }

    [Fact]
    public async Task Checkpoint_OfADeadWorker_IsReadByTheNextWorker()
    {
        await using var pipeline = new TestPipeline();
        await pipeline.EnqueueAsync();
        await using var dead = pipeline.Frozen();
        dead.Script.Act = async (context, cancellationToken) =>
        {
            await context.SaveCheckpointAsync("line 400", cancellationToken);
            return await new TaskCompletionSource<JobOutcome>().Task;
        };
        _ = dead.DeliverAsync();
        pipeline.Time.Advance(TimeSpan.FromSeconds(60));

        string? resumed = null;
        pipeline.Script.Act = async (context, cancellationToken) =>
        {
            resumed = await context.GetCheckpointAsync<string>(cancellationToken);
            return JobOutcome.Success();
        };
        Assert.IsType<DeliveryResult.Succeeded>(await pipeline.DeliverAsync());
        Assert.Equal("line 400", resumed);
    }

    [Fact]
    public async Task Checkpoint_AboveTheSizeLimit_ThrowsWithoutAWrite()
    {
        await using var pipeline = new TestPipeline();
        pipeline.Script.Act = async (context, cancellationToken) =>
        {
            await context.SaveCheckpointAsync(new string('x', (48 * 1024) - 2), cancellationToken);
            await Assert.ThrowsAsync<ArgumentException>(() =>
                context.SaveCheckpointAsync(new string('x', (48 * 1024) - 1), cancellationToken));
            return JobOutcome.Success();
        };
        await pipeline.EnqueueAsync();
        Assert.IsType<DeliveryResult.Succeeded>(await pipeline.DeliverAsync());
        Assert.Single(pipeline.Storage.Calls, call => call == "write touch");
    }

    [Fact]
    public async Task Checkpoint_OfAWorkerThatLostItsClaim_Throws()
    {
        await using var pipeline = new TestPipeline();
        await pipeline.EnqueueAsync();
        await using var late = pipeline.Frozen();
        var wakeUp = new TaskCompletionSource();
        Exception? refusal = null;
        late.Script.Act = async (context, cancellationToken) =>
        {
            await wakeUp.Task;
            refusal = await Record.ExceptionAsync(() => context.SaveCheckpointAsync(1, cancellationToken));
            return JobOutcome.Success();
        };
        var run = late.DeliverAsync();
        pipeline.Time.Advance(TimeSpan.FromSeconds(60));
        await pipeline.DeliverAsync();
        wakeUp.SetResult();
        Assert.IsType<DeliveryResult.Deferred>(await run.InTime());
        Assert.IsType<OperationCanceledException>(refusal);
    }

    [Theory]
    [InlineData("a failure")]
    [InlineData("a snooze")]
    [InlineData("a death")]
    public async Task Children_OfAHandlerThatRunsAgain_AreEnqueuedOnce(string reason)
    {
        await using var pipeline = new TestPipeline();
        var parent = await pipeline.EnqueueAsync(new JobRequest { Type = ScriptedJob.Type, CorrelationId = "order-17" });
        await using var first = reason == "a death" ? pipeline.Frozen() : pipeline.Another();
        first.Script.Act = async (context, cancellationToken) =>
        {
            await EnqueueChildrenAsync(context, cancellationToken);
            return reason switch
            {
                "a failure" => throw new IOException("unplugged"),
                "a snooze" => JobOutcome.Snooze(TimeSpan.FromSeconds(5)),
                _ => await new TaskCompletionSource<JobOutcome>().Task,
            };
        };
        var run = first.DeliverAsync();
        if (reason != "a death")
            await run.InTime();
        Assert.Equal(2, pipeline.Messages(PriorityQueues.High));

        pipeline.Script.Act = async (context, cancellationToken) =>
        {
            await EnqueueChildrenAsync(context, cancellationToken);
            return JobOutcome.Success();
        };
        pipeline.AdvanceToNextMessage();
        Assert.IsType<DeliveryResult.Succeeded>(await pipeline.DeliverAsync());
        Assert.Equal(2, pipeline.Messages(PriorityQueues.High));
        foreach (var name in new[] { "#1", "report" })
        {
            var spec = (await pipeline.RowsAsync(JobId.ForChild(parent, name))).Record!.Spec;
            Assert.Equal((parent, "order-17"), (spec.Parent!.Value, spec.CorrelationId));
        }
    }

    private static async Task EnqueueChildrenAsync(JobContext context, CancellationToken cancellationToken)
    {
        await context.EnqueueChildAsync(new JobRequest { Type = OtherJob.Type }, cancellationToken: cancellationToken);
        await context.EnqueueChildAsync(new JobRequest { Type = OtherJob.Type }, "report", cancellationToken);
    }
}
