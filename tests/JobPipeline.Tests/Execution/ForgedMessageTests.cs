using JobPipeline.Execution;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Tests.Rig;

namespace JobPipeline.Tests.Execution;

/// <summary>The job id and attempt number of a message are hints, because any producer can forge them.</summary>
public sealed class ForgedMessageTests
{
    [Theory]
    [InlineData(JobState.Retrying)]
    [InlineData(JobState.Scheduled)]
    [InlineData(JobState.Running)]
    [InlineData(JobState.Succeeded)]
    public async Task Message_WithTheIdOfAnotherJob_BecomesADeadLetterAndChangesNoJob(JobState state)
    {
        await using var pipeline = new TestPipeline();
        await using var victims = state == JobState.Running ? pipeline.Frozen() : pipeline.Another();
        var id = await pipeline.EnqueueAsync(JobRequest.For(ScriptedJob.Type, new ScriptedPayload { To = "ada" }));
        if (state == JobState.Retrying)
            victims.Script.Throws(new IOException("unplugged"));
        else if (state == JobState.Scheduled)
            victims.Script.Returns(JobOutcome.Snooze(TimeSpan.FromMinutes(1)));
        else if (state == JobState.Running)
            victims.Script.Hangs();
        var run = victims.DeliverAsync();
        if (state != JobState.Running)
            await run.InTime();
        Assert.Equal(state, await pipeline.StateAsync(id));
        var before = await pipeline.RowsAsync(id);
        await DeleteItsMessageAsync(pipeline);

        pipeline.Time.Advance(TimeSpan.FromMinutes(10));
        var body = $$"""{"v":1,"jobId":"{{id}}","attempt":2,"payload":{"to":"eve"},"type":"mail.purge"}""";
        await pipeline.DropAsync(body);
        var delivery = await pipeline.ReceiveAsync();
        Assert.Equal(
            DeadLetterReason.ForgedIdentity,
            Assert.IsType<DeliveryResult.DeadLettered>(
                await pipeline.Executor.ExecuteAsync(delivery, new DeliveryTerms(CancellationToken.None))).Reason);

        Assert.Empty(pipeline.Script.Starts);
        var after = await pipeline.RowsAsync(id);
        Assert.Equal((before.Record, before.Current), (after.Record, after.Current));
        Assert.Null(await pipeline.LetterAsync(id));
        Assert.Equal(body, System.Text.Encoding.UTF8.GetString((await pipeline.LetterAsync(delivery.DerivedId))!.Original.Span));
    }

    [Theory]
    [InlineData(-31 * 24 * 60)]
    [InlineData(6)]
    [InlineData(400 * 24 * 60)]
    public async Task Message_WithAnIdOutsideOfTheRetention_IsRejected(int minutes)
    {
        await using var pipeline = new TestPipeline();
        var id = JobId.Create(pipeline.Now.AddMinutes(minutes));
        await pipeline.DropAsync($$"""{"jobId":"{{id}}","type":"mail.send"}""");
        Assert.Equal(DeadLetterReason.ForgedIdentity, Assert.IsType<DeliveryResult.DeadLettered>(await pipeline.DeliverAsync()).Reason);
        Assert.Same(JobSnapshot.None, await pipeline.RowsAsync(id));
        Assert.Empty(pipeline.Script.Starts);
    }

    [Theory]
    [InlineData(-29 * 24 * 60)]
    [InlineData(5)]
    public async Task Message_WithAnIdWithinTheRetention_Runs(int minutes)
    {
        await using var pipeline = new TestPipeline();
        var id = JobId.Create(pipeline.Now.AddMinutes(minutes));
        await pipeline.DropAsync($$"""{"jobId":"{{id}}","type":"mail.send"}""");
        Assert.IsType<DeliveryResult.Succeeded>(await pipeline.DeliverAsync());
        Assert.Equal((id, 1), Assert.Single(pipeline.Script.Starts));
    }

    [Fact]
    public async Task Message_WithAnAttemptThatWasNeverReached_StartsTheFirst()
    {
        await using var pipeline = new TestPipeline();
        await pipeline.DropAsync($$"""{"jobId":"{{JobId.Create(pipeline.Now)}}","attempt":99,"type":"mail.send"}""");
        Assert.IsType<DeliveryResult.Succeeded>(await pipeline.DeliverAsync());
        Assert.Equal(1, Assert.Single(pipeline.Script.Starts).Attempt);
    }

    [Fact]
    public async Task Message_ForTheNextAttemptBeforeItIsDue_Waits()
    {
        await using var pipeline = new TestPipeline();
        pipeline.Script.Throws(new IOException("unplugged"));
        var id = await pipeline.EnqueueAsync();
        var retryAt = Assert.IsType<DeliveryResult.Failed>(await pipeline.DeliverAsync()).RetryAt;
        await pipeline.DropAsync($$"""{"jobId":"{{id}}","attempt":2,"type":"mail.send"}""");
        Assert.Equal(retryAt, Assert.IsType<DeliveryResult.Deferred>(await pipeline.DeliverAsync()).PutBackUntil);
    }

    [Fact]
    public async Task Message_WithAReferenceToAMissingPayload_IsDeadLettered()
    {
        await using var pipeline = new TestPipeline();
        await pipeline.DropAsync("""{"type":"mail.send","payloadRef":true,"payload":{"to":"ada"}}""");
        Assert.Equal(DeadLetterReason.InvalidPayload, Assert.IsType<DeliveryResult.DeadLettered>(await pipeline.DeliverAsync()).Reason);
    }

    [Fact]
    public async Task Message_OfAForeignProducerThatGrowsTooLarge_KeepsOneFormAcrossDeliveries()
    {
        await using var pipeline = new TestPipeline();
        await pipeline.DropAsync($$"""{"payload":{"to":"{{new string('x', 49_100)}}"},"type":"mail.send"}""");
        pipeline.Storage.FailsBefore = call => call == "write Succeeded";
        var run = pipeline.DeliverAsync();
        for (var i = 0; i < 70 && !run.IsCompleted; i++)
            pipeline.Time.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<IOException>(() => run.InTime());

        pipeline.Storage.FailsBefore = static _ => false;
        pipeline.AdvanceToNextMessage();
        Assert.IsType<DeliveryResult.Succeeded>(await pipeline.DeliverAsync());
        Assert.True((await pipeline.RowsAsync(pipeline.Script.Starts[0].Job)).Record!.Spec.PayloadInBlob);
        Assert.All(pipeline.Script.Payloads, payload => Assert.Equal(49_100, ((ScriptedPayload)payload).To!.Length));
    }

    private static async Task DeleteItsMessageAsync(TestPipeline pipeline)
    {
        if (pipeline.Messages() == 0)
            return;
        pipeline.AdvanceToNextMessage();
        await pipeline.Storage.Queue.DeleteAsync(await pipeline.ReceiveAsync(), CancellationToken.None);
    }
}
