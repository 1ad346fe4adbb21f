using JobPipeline.Enqueueing;
using JobPipeline.Execution;
using JobPipeline.Jobs;
using JobPipeline.Tests.Rig;

namespace JobPipeline.Tests.Execution;

public sealed class UniqueKeyTests
{
    private static readonly JobRequest Request = new()
    {
        Type = ScriptedJob.Type,
        Key = "orders-17",
        Payload = "{\"to\":\"ada\",\"count\":1}"u8.ToArray(),
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Enqueue_UnderAHeldKey_ReturnsTheExistingJob()
    {
        await using var pipeline = new TestPipeline();
        var first = await pipeline.Client.EnqueueAsync(Request, Token);
        var second = await pipeline.Client.EnqueueAsync(Request with { Payload = "{ \"count\": 1, \"to\": \"ada\" }"u8.ToArray() }, Token);
        Assert.Equal(new EnqueueResult(first.Id, IsDuplicate: true), second);
        Assert.Equal(1, pipeline.Messages());
    }

    [Fact]
    public async Task Enqueue_UnderAHeldKeyWithAnotherPayload_IsAConflict()
    {
        await using var pipeline = new TestPipeline();
        var first = await pipeline.Client.EnqueueAsync(Request, Token);
        var error = await Assert.ThrowsAsync<JobKeyConflictException>(() =>
            pipeline.Client.EnqueueAsync(Request with { Payload = "{\"to\":\"eve\"}"u8.ToArray() }, Token));
        Assert.Equal(first.Id, error.Holder);
        Assert.Equal(1, pipeline.Messages());
    }

    [Theory]
    [InlineData("""{"x":1e99999999999}""", """{"x":2e99999999999}""")]
    [InlineData("""{"x":"\ud800"}""", """{"x":"\ud801"}""")]
    public async Task Enqueue_UnderAHeldKeyWithIncomparablePayloads_IsAConflict(string first, string second)
    {
        await using var pipeline = new TestPipeline();
        await pipeline.Client.EnqueueAsync(Request with { Payload = System.Text.Encoding.UTF8.GetBytes(first) }, Token);
        await Assert.ThrowsAsync<JobKeyConflictException>(() =>
            pipeline.Client.EnqueueAsync(Request with { Payload = System.Text.Encoding.UTF8.GetBytes(second) }, Token));
    }

    [Fact]
    public async Task Enqueue_UnderTheSameKeyOfAnotherType_CreatesAnotherJob()
    {
        await using var pipeline = new TestPipeline();
        var first = await pipeline.Client.EnqueueAsync(Request, Token);
        var second = await pipeline.Client.EnqueueAsync(Request with { Type = OtherJob.Type }, Token);
        Assert.False(second.IsDuplicate);
        Assert.NotEqual(first.Id, second.Id);
    }

    [Fact]
    public async Task Enqueue_LargePayloadsUnderOneKey_ComparesTheBlobs()
    {
        await using var pipeline = new TestPipeline();
        var large = JobRequest.For(ScriptedJob.Type, new ScriptedPayload { To = new string('x', 60_000) }) with { Key = "k" };
        var first = await pipeline.Client.EnqueueAsync(large, Token);
        Assert.Equal(new EnqueueResult(first.Id, IsDuplicate: true), await pipeline.Client.EnqueueAsync(large, Token));
        var other = JobRequest.For(ScriptedJob.Type, new ScriptedPayload { To = new string('y', 60_000) }) with { Key = "k" };
        await Assert.ThrowsAsync<JobKeyConflictException>(() => pipeline.Client.EnqueueAsync(other, Token));
    }

    [Fact]
    public async Task Enqueue_AfterTheKeyExpired_CreatesANewJob()
    {
        await using var pipeline = new TestPipeline();
        await pipeline.Client.EnqueueAsync(Request, Token);
        pipeline.Time.Advance(TimeSpan.FromDays(1) - TimeSpan.FromTicks(1));
        Assert.True((await pipeline.Client.EnqueueAsync(Request, Token)).IsDuplicate);
        pipeline.Time.Advance(TimeSpan.FromTicks(1));
        Assert.False((await pipeline.Client.EnqueueAsync(Request, Token)).IsDuplicate);
    }

    [Fact]
    public async Task ForeignMessage_UnderAHeldKeyWithAnotherPayload_IsAConflictEvenAfterADeferral()
    {
        await using var pipeline = new TestPipeline();
        await pipeline.Client.EnqueueAsync(Request, Token);
        await pipeline.DeliverAsync();
        await pipeline.DropAsync("""{ "type": "mail.send", "key": "orders-17", "payload": { "to": "eve" } }""");
        using var stopping = new CancellationTokenSource();
        await stopping.CancelAsync();
        Assert.IsType<DeliveryResult.Deferred>(await pipeline.DeliverAsync(stopping: stopping));

        Assert.Equal(DeadLetterReason.KeyConflict, Assert.IsType<DeliveryResult.DeadLettered>(await pipeline.DeliverAsync()).Reason);
        Assert.Single(pipeline.Script.Starts);
    }

    [Fact]
    public async Task Enqueue_UnderAKeyWhoseProducerDiedBeforeSending_SendsTheStoredMessage()
    {
        await using var pipeline = new TestPipeline();
        pipeline.Storage.FailsBefore = call => call == "send to jobs";
        await Assert.ThrowsAsync<IOException>(() => pipeline.Client.EnqueueAsync(Request, Token));
        Assert.Equal(0, pipeline.Messages());

        pipeline.Storage.FailsBefore = static _ => false;
        var second = await pipeline.Client.EnqueueAsync(Request, Token);
        Assert.True(second.IsDuplicate);
        Assert.Equal(JobState.Queued, await pipeline.StateAsync(second.Id));
        Assert.IsType<DeliveryResult.Succeeded>(await pipeline.DeliverAsync());
        Assert.Equal((second.Id, 1), Assert.Single(pipeline.Script.Starts));
    }

    [Fact]
    public async Task ForeignMessage_ThatIsADuplicate_IsAcknowledgedAndLinked()
    {
        await using var pipeline = new TestPipeline();
        var first = await pipeline.Client.EnqueueAsync(Request, Token);
        await pipeline.DeliverAsync();
        await pipeline.DropAsync("""{"type":"mail.send","key":"orders-17","payload":{"count":1,"to":"ada"}}""");
        var delivery = await pipeline.ReceiveAsync();
        Assert.IsType<DeliveryResult.Superseded>(await pipeline.Executor.ExecuteAsync(delivery, new DeliveryTerms(CancellationToken.None)));

        var status = await pipeline.StatusAsync(delivery.DerivedId);
        Assert.Equal((JobState.Cancelled, first.Id), (status.State, status.DuplicateOf!.Value));
        Assert.Single(pipeline.Script.Starts);
    }

    [Fact]
    public async Task ForeignMessage_ThatIsAConflict_BecomesADeadLetter()
    {
        await using var pipeline = new TestPipeline();
        await pipeline.Client.EnqueueAsync(Request, Token);
        await pipeline.DeliverAsync();
        await pipeline.DropAsync("""{"type":"mail.send","key":"orders-17","payload":{"to":"eve"}}""");
        Assert.Equal(DeadLetterReason.KeyConflict, Assert.IsType<DeliveryResult.DeadLettered>(await pipeline.DeliverAsync()).Reason);
        Assert.Single(pipeline.Script.Starts);
    }

    [Fact]
    public async Task ForeignMessage_DeliveredTwice_KeepsItsKey()
    {
        await using var pipeline = new TestPipeline();
        await pipeline.DropAsync("""{"type":"mail.send","key":"k"}""");
        pipeline.Storage.FailsBefore = call => call is "write Running" or "read rows";
        await Assert.ThrowsAsync<IOException>(() => pipeline.DeliverAsync());
        pipeline.Storage.FailsBefore = static _ => false;
        pipeline.AdvanceToNextMessage();
        Assert.IsType<DeliveryResult.Succeeded>(await pipeline.DeliverAsync());
    }
}
