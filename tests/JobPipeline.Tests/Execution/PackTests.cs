using JobPipeline.Execution;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Handlers;
using JobPipeline.Instances;
using JobPipeline.Jobs;
using JobPipeline.Tests.Rig;

namespace JobPipeline.Tests.Execution;

public sealed class PackTests
{
    [Fact]
    public async Task Deliver_WhilePartsHaveNotStarted_ReportsThemAsWaiting()
    {
        await using var pipeline = TestPipeline.With(("JobPipeline:PackConcurrency", "1"));
        await pipeline.Client.EnqueueManyAsync(
            [new JobRequest { Type = QuickJob.Type }, new JobRequest { Type = QuickJob.Type }],
            CancellationToken.None);
        var delivery = await pipeline.ReceiveAsync();
        var first = pipeline.Script.Hangs();

        var execution = pipeline.Executor.ExecuteAsync(delivery, new DeliveryTerms(CancellationToken.None));

        Assert.Equal([new QueueWait(PriorityQueues.Normal, delivery.InsertedAt)], pipeline.Waiting.Oldest());
        first.SetResult(JobOutcome.Success());
        await execution.InTime();
        Assert.Equal(2, pipeline.Script.Starts.Count);
        Assert.Empty(pipeline.Waiting.Oldest());
    }

    [Fact]
    public async Task Pack_WithOneFailingJob_RecordsEachJobSeparately()
    {
        await using var pipeline = new TestPipeline();
        var ids = await EnqueuePackAsync(pipeline, 20);
        pipeline.Script.Act = (context, _) =>
            context.JobId == ids[7] && context.Attempt == 1 ? throw new IOException("unplugged") : Task.FromResult(JobOutcome.Success());

        var unpacked = Assert.IsType<DeliveryResult.Unpacked>(await pipeline.DeliverAsync());
        Assert.Equal(20, unpacked.Parts.Count);
        Assert.IsType<DeliveryResult.Failed>(unpacked.Parts[7]);
        Assert.Equal(19, unpacked.Parts.Count(part => part is DeliveryResult.Succeeded));
        Assert.Equal(JobState.Retrying, await pipeline.StateAsync(ids[7]));
        Assert.Equal(1, pipeline.Messages());

        pipeline.AdvanceToNextMessage();
        Assert.IsType<DeliveryResult.Succeeded>(await pipeline.DeliverAsync());
        foreach (var id in ids)
            Assert.Equal(JobState.Succeeded, await pipeline.StateAsync(id));
        Assert.Equal(21, pipeline.Script.Starts.Count);
    }

    [Fact]
    public async Task Pack_WithASnoozingJob_SendsASeparateMessageForIt()
    {
        await using var pipeline = new TestPipeline();
        var ids = await EnqueuePackAsync(pipeline, 3);
        pipeline.Script.Act = (context, _) =>
            Task.FromResult(context.JobId == ids[1] ? JobOutcome.Snooze(TimeSpan.FromMinutes(5)) : JobOutcome.Success());
        await pipeline.DeliverAsync();
        Assert.Equal(1, pipeline.Messages());
        Assert.False(pipeline.Storage.Queue.HasVisible(PriorityQueues.Normal));

        pipeline.Script.Returns(JobOutcome.Success());
        pipeline.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.IsType<DeliveryResult.Succeeded>(await pipeline.DeliverAsync());
        Assert.Equal(1, Assert.Single((await pipeline.RowsAsync(ids[1])).Attempts).Number);
    }

    [Fact]
    public async Task Pack_DeliveredAgain_IsSplitIntoMessagesForUnfinishedJobs()
    {
        await using var pipeline = new TestPipeline();
        var ids = await EnqueuePackAsync(pipeline, 5);
        await using var dead = pipeline.Frozen();
        dead.Script.Act = (context, _) =>
            context.JobId == ids[2] || context.JobId == ids[4]
                ? new TaskCompletionSource<JobOutcome>().Task
                : Task.FromResult(JobOutcome.Success());
        _ = dead.DeliverAsync();
        pipeline.Time.Advance(TimeSpan.FromSeconds(60));

        var split = Assert.IsType<DeliveryResult.Unpacked>(await pipeline.DeliverAsync());
        Assert.All(split.Parts, part => Assert.IsType<DeliveryResult.Superseded>(part));
        Assert.Empty(pipeline.Script.Starts);
        Assert.Equal(2, pipeline.Messages());

        await pipeline.DeliverAsync();
        await pipeline.DeliverAsync();
        Assert.Equal([(ids[2], 1), (ids[4], 1)], pipeline.Script.Starts);
        foreach (var id in ids)
            Assert.Equal(JobState.Succeeded, await pipeline.StateAsync(id));
        Assert.Equal(0, pipeline.Messages());
    }

    [Fact]
    public async Task Pack_DeliveredAgainWhileDeadLettersAreMissing_WritesThemAndEnqueuesTheCallbacks()
    {
        await using var pipeline = TestPipeline.With(($"JobPipeline:Jobs:{QuickJob.Type}:OnDeadLetter", ScriptedJob.Type));
        var ids = await EnqueuePackAsync(pipeline, 2);
        pipeline.Script.Throws(new JobRejectedException("no such customer"));
        pipeline.Storage.FailsBefore = static call => call == "send to jobs";
        var delivery = await pipeline.ReceiveAsync();
        await Assert.ThrowsAsync<IOException>(() => pipeline.Executor.ExecuteAsync(delivery, new DeliveryTerms(CancellationToken.None)));
        Assert.Empty(pipeline.Storage.DeadLetters.All());
        pipeline.Storage.FailsBefore = static _ => false;
        pipeline.Time.Advance(TestPipeline.Visibility);

        await pipeline.DeliverAsync();

        Assert.Equal(2, pipeline.Storage.DeadLetters.All().Count);
        foreach (var id in ids)
            Assert.NotNull((await pipeline.RowsAsync(DeadLetterCallbacks.IdFor(id))).Record);
    }

    [Fact]
    public async Task Pack_WithUnreadableParts_DeadLettersThoseAndRunsTheOthers()
    {
        await using var pipeline = TestPipeline.With(("JobPipeline:UnknownTypeGrace", "00:00:00"));
        await pipeline.DropAsync("""{"pack":[{"type":"mail.send"},{"type":7},{"pack":[{"type":"mail.send"}]},{"type":"mail.sent"}]}""");
        var parts = Assert.IsType<DeliveryResult.Unpacked>(await pipeline.DeliverAsync()).Parts;
        Assert.IsType<DeliveryResult.Succeeded>(parts[0]);
        Assert.Equal(DeadLetterReason.Unreadable, Assert.IsType<DeliveryResult.DeadLettered>(parts[1]).Reason);
        Assert.Equal("a pack inside a pack", Assert.IsType<DeliveryResult.DeadLettered>(parts[2]).Detail);
        Assert.Equal(DeadLetterReason.UnknownType, Assert.IsType<DeliveryResult.DeadLettered>(parts[3]).Reason);
        var deadLetters = pipeline.Storage.DeadLetters.All();
        Assert.Single(deadLetters, deadLetter => deadLetter.Original.Span.SequenceEqual("""{"type":7}"""u8));
    }

    [Fact]
    public async Task Pack_OfAForeignProducerThatIsSplit_StillReservesItsKeys()
    {
        await using var pipeline = new TestPipeline();
        await pipeline.DropAsync(
            """
            {"pack":[
              {"type":"mail.send","key":"k"},
              {"type":"mail.send","key":"k"},
              {"type":"mail.send","key":"k","payload":{"to":"eve"}}]}
            """);
        await pipeline.ReceiveAsync();
        pipeline.Time.Advance(TestPipeline.Visibility);

        var parts = Assert.IsType<DeliveryResult.Unpacked>(await pipeline.DeliverAsync()).Parts;
        Assert.Equal("split from its pack", Assert.IsType<DeliveryResult.Superseded>(parts[0]).Why);
        Assert.Contains("duplicate", Assert.IsType<DeliveryResult.Superseded>(parts[1]).Why, StringComparison.Ordinal);
        Assert.Equal(DeadLetterReason.KeyConflict, Assert.IsType<DeliveryResult.DeadLettered>(parts[2]).Reason);
        Assert.IsType<DeliveryResult.Succeeded>(await pipeline.DeliverAsync());
        Assert.Single(pipeline.Script.Starts);
    }

    [Fact]
    public async Task Pack_OnAStoppingHost_IsRedeliveredForTheJobsNotStarted()
    {
        await using var pipeline = TestPipeline.With(("JobPipeline:PackConcurrency", "1"));
        var ids = await EnqueuePackAsync(pipeline, 3);
        using var stopping = new CancellationTokenSource();
        pipeline.Script.Act = async (_, _) =>
        {
            await stopping.CancelAsync();
            return JobOutcome.Success();
        };
        Assert.IsType<DeliveryResult.Deferred>(await pipeline.DeliverAsync(stopping: stopping));
        pipeline.Script.Returns(JobOutcome.Success());
        await pipeline.DeliverAsync();
        await pipeline.DeliverAsync();
        await pipeline.DeliverAsync();
        Assert.Equal(ids.Order(), pipeline.Script.Starts.Select(start => start.Job).Order());
        Assert.Equal(0, pipeline.Messages());
    }

    private static async Task<JobId[]> EnqueuePackAsync(TestPipeline pipeline, int count)
    {
        var results = await pipeline.Client.EnqueueManyAsync([
            .. Enumerable.Range(0, count).Select(i => JobRequest.For(QuickJob.Type, new ScriptedPayload { Count = i })),
        ]);
        Assert.Equal(1, pipeline.Messages());
        return [.. results.Select(result => result.Id)];
    }
}
