using System.Text;
using JobPipeline.Execution;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Tests.Rig;

namespace JobPipeline.Tests.Jobs;

public sealed class JobClientTests
{
    [Fact]
    public async Task Enqueue_Job_SendsTheMessageBeforeItInsertsTheRecord()
    {
        await using var pipeline = new TestPipeline();
        var id = await pipeline.EnqueueAsync(JobRequest.For(ScriptedJob.Type, new ScriptedPayload { To = "ada" }));

        Assert.Equal(["send to jobs", "write Queued"], pipeline.Storage.Calls);
        Assert.Equal(JobState.Queued, await pipeline.StateAsync(id));
        Assert.Equal(1, pipeline.Messages());
    }

    [Fact]
    public async Task Enqueue_JobWithAKey_ReservesTheKeyFirst()
    {
        await using var pipeline = new TestPipeline();
        await pipeline.EnqueueAsync(new JobRequest { Type = ScriptedJob.Type, Key = "k" });
        Assert.Equal(["put key", "send to jobs", "write Queued"], pipeline.Storage.Calls);
    }

    [Fact]
    public async Task Enqueue_WhenTheRecordCannotBeWritten_StillRunsTheJob()
    {
        await using var pipeline = new TestPipeline();
        pipeline.Storage.FailsBefore = call => call == "write Queued";
        await Assert.ThrowsAsync<IOException>(() => pipeline.EnqueueAsync());

        Assert.IsType<DeliveryResult.Succeeded>(await pipeline.DeliverAsync());
        Assert.Equal(JobState.Succeeded, await pipeline.StateAsync(Assert.Single(pipeline.Script.Starts).Job));
    }

    [Fact]
    public async Task Enqueue_UnknownType_SuggestsTheNearest()
    {
        await using var pipeline = new TestPipeline();
        var error = await Assert.ThrowsAsync<UnknownJobTypeException>(() => pipeline.EnqueueAsync(new JobRequest { Type = "mail.sent" }));
        Assert.Contains("did you mean 'mail.send'?", error.Message, StringComparison.Ordinal);
        Assert.Empty(pipeline.Storage.Calls);
    }

    [Fact]
    public async Task Enqueue_WithAQueue_UsesIt()
    {
        await using var pipeline = new TestPipeline();
        var id = await pipeline.EnqueueAsync(new JobRequest { Type = ScriptedJob.Type, Queue = PriorityQueues.Low });
        var other = await pipeline.EnqueueAsync(new JobRequest { Type = OtherJob.Type });

        Assert.Equal((0, 1, 1), (pipeline.Messages(), pipeline.Messages(PriorityQueues.Low), pipeline.Messages(PriorityQueues.High)));
        Assert.Equal(PriorityQueues.Low, (await pipeline.RowsAsync(id)).Record!.Queue);
        Assert.Equal(PriorityQueues.High, (await pipeline.RowsAsync(other)).Record!.Queue);
    }

    [Fact]
    public async Task Enqueue_WithAnUnknownQueue_SuggestsTheNearest()
    {
        await using var pipeline = new TestPipeline();
        var error = await Assert.ThrowsAsync<MessageFormatException>(() =>
            pipeline.EnqueueAsync(new JobRequest { Type = ScriptedJob.Type, Queue = "job-low" }));
        Assert.Contains("did you mean 'jobs-low'?", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("ada")]
    public async Task Enqueue_InvalidJsonPayload_ThrowsBeforeAnythingIsSent(string payload)
    {
        await using var pipeline = new TestPipeline();
        await Assert.ThrowsAsync<MessageFormatException>(() =>
            pipeline.EnqueueAsync(new JobRequest { Type = ScriptedJob.Type, Payload = Encoding.UTF8.GetBytes(payload) }));
        Assert.Empty(pipeline.Storage.Calls);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("  { \"to\" : \"ada\" }\r\n")]
    public async Task Enqueue_PayloadThatSerialisationWouldChange_RunsTheJob(string payload)
    {
        await using var pipeline = new TestPipeline();
        var id = await pipeline.EnqueueAsync(new JobRequest { Type = ScriptedJob.Type, Payload = Encoding.UTF8.GetBytes(payload) });

        // A second delivery, because only that one is compared with the record before it may claim.
        await pipeline.ReceiveAsync();
        pipeline.Time.Advance(TestPipeline.Visibility);
        Assert.IsType<DeliveryResult.Succeeded>(await pipeline.DeliverAsync());
        Assert.Equal(JobState.Succeeded, await pipeline.StateAsync(id));
    }

    [Fact]
    public async Task Enqueue_WithTimesOutOfRange_Throws()
    {
        await using var pipeline = new TestPipeline();
        await Assert.ThrowsAsync<MessageFormatException>(() =>
            pipeline.EnqueueAsync(new JobRequest { Type = ScriptedJob.Type, ExpiresAt = DateTimeOffset.MaxValue }));
        Assert.Empty(pipeline.Storage.Calls);
    }

    [Fact]
    public async Task Enqueue_LargePayload_WritesTheBlobBeforeTheMessage()
    {
        await using var pipeline = new TestPipeline();
        var id = await pipeline.EnqueueAsync(
            JobRequest.For(ScriptedJob.Type, new ScriptedPayload { To = new string('x', JobLimits.MaxMessageBytes) }));
        Assert.Equal(["write payload", "send to jobs", "write Queued"], pipeline.Storage.Calls);
        var spec = (await pipeline.RowsAsync(id)).Record!.Spec;
        Assert.True(spec.PayloadInBlob && spec.Payload.IsEmpty);

        Assert.IsType<DeliveryResult.Succeeded>(await pipeline.DeliverAsync());
        Assert.Equal(JobLimits.MaxMessageBytes, Assert.IsType<ScriptedPayload>(Assert.Single(pipeline.Script.Payloads)).To!.Length);
    }

    [Fact]
    public async Task EnqueueMany_QuickJobs_PacksThemAndReturnsResultsInOrder()
    {
        await using var pipeline = new TestPipeline();
        var requests = Enumerable.Range(0, 250).Select(i => JobRequest.For(QuickJob.Type, new ScriptedPayload { Count = i })).ToList();
        requests[7] = requests[7] with { Key = "k" };
        requests[8] = requests[8] with { NotBefore = pipeline.Now.AddHours(1) };
        requests[9] = requests[9] with { Type = ScriptedJob.Type };
        var results = await pipeline.Client.EnqueueManyAsync(requests, TestContext.Current.CancellationToken);

        Assert.Equal(6, pipeline.Messages());
        for (var i = 0; i < requests.Count; i++)
        {
            var spec = (await pipeline.RowsAsync(results[i].Id)).Record!.Spec;
            Assert.Equal(requests[i].Payload.ToArray(), spec.Payload.ToArray());
        }
    }

    [Fact]
    public async Task EnqueueMany_WithOneInvalidRequest_SendsNone()
    {
        await using var pipeline = new TestPipeline();
        JobRequest[] requests = [new() { Type = QuickJob.Type }, new() { Type = ScriptedJob.Type, Key = "" }];
        await Assert.ThrowsAsync<MessageFormatException>(() =>
            pipeline.Client.EnqueueManyAsync(requests, TestContext.Current.CancellationToken));
        Assert.Empty(pipeline.Storage.Calls);
    }

    [Fact]
    public async Task Job_DueInTwentyDays_IsResentAndStartsExactlyThen()
    {
        await using var pipeline = new TestPipeline();
        var due = pipeline.Now.AddDays(20);
        var id = await pipeline.EnqueueAsync(new JobRequest { Type = ScriptedJob.Type, NotBefore = due });
        Assert.Equal(JobState.Scheduled, await pipeline.StateAsync(id));

        var hops = 0;
        var hiddenSince = pipeline.Now;
        while (pipeline.Script.Starts.Count == 0)
        {
            pipeline.AdvanceToNextMessage(TimeSpan.FromMinutes(10));
            Assert.InRange(pipeline.Now - hiddenSince, TimeSpan.Zero, JobLimits.MaxHop);
            var result = await pipeline.DeliverAsync();
            hiddenSince = pipeline.Now;
            hops++;
            if (pipeline.Now < due)
                Assert.IsType<DeliveryResult.Deferred>(result);
        }

        Assert.Equal(due, pipeline.Now);
        Assert.Equal(4, hops);
        Assert.Equal(JobState.Succeeded, await pipeline.StateAsync(id));
        Assert.Equal(0, pipeline.Messages());
    }
}
