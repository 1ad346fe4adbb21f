using System.Text;
using JobPipeline.Execution;
using JobPipeline.Execution.Verdicts;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Tests.Rig;

namespace JobPipeline.Tests.Execution;

/// <summary>Tests of each job outcome, from the message to the record.</summary>
public sealed class OutcomeTests
{
    [Fact]
    public async Task Success_WithAResult_IsStoredAndTheMessageDeleted()
    {
        await using var pipeline = new TestPipeline();
        pipeline.Script.Returns(JobOutcome.Success(new { Sent = 3 }));
        var id = await pipeline.EnqueueAsync(JobRequest.For(ScriptedJob.Type, new ScriptedPayload { To = "ada" }));

        Assert.IsType<DeliveryResult.Succeeded>(await pipeline.DeliverAsync());
        var rows = await pipeline.RowsAsync(id);
        Assert.Equal(JobState.Succeeded, rows.Record!.Status.State);
        Assert.Equal("{\"sent\":3}", Encoding.UTF8.GetString(rows.Record.Status.Result.Span));
        Assert.Equal(AttemptState.Succeeded, Assert.Single(rows.Attempts).State);
        Assert.Equal("ada", Assert.IsType<ScriptedPayload>(Assert.Single(pipeline.Script.Payloads)).To);
        Assert.Equal(0, pipeline.Messages());
    }

    [Fact]
    public async Task Success_OfASingleJob_CostsTwoWritesAndNoRead()
    {
        await using var pipeline = new TestPipeline();
        await pipeline.EnqueueAsync();
        pipeline.Storage.Calls.Clear();
        await pipeline.DeliverAsync();
        Assert.Equal(["write Running", "write Succeeded"], pipeline.Storage.Calls);
    }

    [Fact]
    public async Task Success_WithALargeResult_WritesTheBlobFirst()
    {
        await using var pipeline = new TestPipeline();
        var text = new string('x', VerdictRules.MaxInlineResultBytes);
        pipeline.Script.Returns(JobOutcome.Success(text));
        var id = await pipeline.EnqueueAsync();
        await pipeline.DeliverAsync();

        var status = await pipeline.StatusAsync(id);
        Assert.True(status.ResultInBlob);
        Assert.Equal(["write Running", "write payload", "write Succeeded"], pipeline.Storage.Calls[^3..]);
        var result = await pipeline.Storage.Payloads.ReadAsync(PayloadName.Result(id), TestContext.Current.CancellationToken);
        Assert.Equal($"\"{text}\"", Encoding.UTF8.GetString(result!.Value.Span));
    }

    [Fact]
    public async Task Failure_ThenSuccess_RetriesAfterTheBackoffAndRecordsBothAttempts()
    {
        await using var pipeline = new TestPipeline();
        pipeline.Script.Throws(new IOException("unplugged"));
        var id = await pipeline.EnqueueAsync();
        var failed = Assert.IsType<DeliveryResult.Failed>(await pipeline.DeliverAsync());

        Assert.Equal(1, failed.Attempt);
        Assert.InRange(failed.RetryAt - pipeline.Now, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Equal((JobState.Retrying, failed.RetryAt), ((await pipeline.StatusAsync(id)).State, (await pipeline.StatusAsync(id)).DueAt));

        pipeline.Script.Returns(JobOutcome.Success());
        pipeline.AdvanceToNextMessage(TimeSpan.FromMilliseconds(50));
        Assert.InRange(pipeline.Now - failed.RetryAt, TimeSpan.Zero, TimeSpan.FromMilliseconds(50));
        Assert.IsType<DeliveryResult.Succeeded>(await pipeline.DeliverAsync());
        Assert.Equal([AttemptState.Failed, AttemptState.Succeeded], (await pipeline.RowsAsync(id)).Attempts.Select(a => a.State));
        Assert.Equal([(id, 1), (id, 2)], pipeline.Script.Starts);
    }

    [Fact]
    public async Task Failure_OfEveryAttempt_DeadLettersTheJobWithAllItsErrors()
    {
        await using var pipeline = new TestPipeline();
        var run = 0;
        pipeline.Script.Act = (_, _) => throw new IOException($"run {++run}");
        var id = await pipeline.EnqueueAsync(new JobRequest { Type = ScriptedJob.Type, MaxAttempts = 4 });
        DeliveryResult last;
        do
        {
            pipeline.AdvanceToNextMessage();
            last = await pipeline.DeliverAsync();
        }
        while (last is DeliveryResult.Failed);

        Assert.Equal(DeadLetterReason.AttemptsExhausted, Assert.IsType<DeliveryResult.DeadLettered>(last).Reason);
        Assert.Equal(JobState.DeadLettered, await pipeline.StateAsync(id));
        var deadLetter = await pipeline.LetterAsync(id);
        Assert.Equal("run 1, run 2, run 3, run 4", string.Join(", ", deadLetter!.Errors.Select(error => error.Message)));
        Assert.Equal(0, pipeline.Messages());
    }

    [Fact]
    public async Task Rejection_InTheFirstAttempt_DeadLettersTheJobAtOnce()
    {
        await using var pipeline = new TestPipeline();
        pipeline.Script.Throws(new JobRejectedException("no such customer"));
        var id = await pipeline.EnqueueAsync();
        Assert.Equal(DeadLetterReason.PermanentFailure, Assert.IsType<DeliveryResult.DeadLettered>(await pipeline.DeliverAsync()).Reason);
        Assert.Equal("no such customer", (await pipeline.LetterAsync(id))!.Detail);
        Assert.Equal(JobState.DeadLettered, await pipeline.StateAsync(id));
        Assert.Equal(0, pipeline.Messages());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SnoozeAndThrottle_ManyTimes_UseNoAttempt(bool throttled)
    {
        await using var pipeline = new TestPipeline();
        if (throttled)
            pipeline.Script.Throws(new JobThrottledException("busy", TimeSpan.FromMinutes(3)));
        else
            pipeline.Script.Returns(JobOutcome.Snooze(TimeSpan.FromMinutes(3)));
        var id = await pipeline.EnqueueAsync(new JobRequest { Type = ScriptedJob.Type, MaxAttempts = 1 });
        for (var i = 0; i < 5; i++)
        {
            pipeline.AdvanceToNextMessage();
            var now = pipeline.Now;
            Assert.Equal(now.AddMinutes(3), Assert.IsType<DeliveryResult.Snoozed>(await pipeline.DeliverAsync()).PutBackUntil);
            Assert.Equal(
                (JobState.Scheduled, now.AddMinutes(3)),
                ((await pipeline.StatusAsync(id)).State, (await pipeline.StatusAsync(id)).DueAt!.Value));
            Assert.False(pipeline.Storage.Queue.HasVisible(PriorityQueues.Normal));
        }

        pipeline.Script.Returns(JobOutcome.Success());
        pipeline.AdvanceToNextMessage();
        Assert.IsType<DeliveryResult.Succeeded>(await pipeline.DeliverAsync());
        var attempt = Assert.Single((await pipeline.RowsAsync(id)).Attempts);
        Assert.Equal((1, 0, AttemptState.Succeeded), (attempt.Number, attempt.Deaths, attempt.State));
        Assert.All(pipeline.Script.Starts, start => Assert.Equal((id, 1), start));
    }

    [Fact]
    public async Task CancelOutcome_OfTheHandler_CancelsTheJob()
    {
        await using var pipeline = new TestPipeline();
        pipeline.Script.Returns(JobOutcome.Cancel("customer left"));
        var id = await pipeline.EnqueueAsync();
        Assert.IsType<DeliveryResult.Cancelled>(await pipeline.DeliverAsync());
        Assert.Equal(
            (JobState.Cancelled, "customer left"), ((await pipeline.StatusAsync(id)).State, (await pipeline.StatusAsync(id)).Reason));
        Assert.Equal(0, pipeline.Messages());
    }

    [Fact]
    public async Task NullOutcome_OfTheHandler_IsAFailure()
    {
        await using var pipeline = new TestPipeline();
        pipeline.Script.Returns(null);
        var id = await pipeline.EnqueueAsync();
        Assert.IsType<DeliveryResult.Failed>(await pipeline.DeliverAsync());
        Assert.Contains("returned no outcome", (await pipeline.StatusAsync(id)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Timeout_OfTheHandler_IsAFailedAttempt()
    {
        await using var pipeline = new TestPipeline();
        pipeline.Script.Hangs();
        var id = await pipeline.EnqueueAsync(new JobRequest { Type = ScriptedJob.Type, Timeout = TimeSpan.FromMinutes(3) });
        var run = pipeline.DeliverAsync();
        pipeline.Time.Advance(TimeSpan.FromMinutes(3) - TimeSpan.FromTicks(1));
        Assert.False(run.IsCompleted);
        pipeline.Time.Advance(TimeSpan.FromTicks(1));

        Assert.IsType<DeliveryResult.Failed>(await run.InTime());
        var error = Assert.Single((await pipeline.RowsAsync(id)).Attempts).Error!;
        Assert.Equal((ErrorKind.Timeout, TimeSpan.FromMinutes(3)), (error.Kind, error.Duration));
    }

    [Fact]
    public async Task Job_PastItsDeadline_ExpiresWithoutStarting()
    {
        await using var pipeline = new TestPipeline();
        var id = await pipeline.EnqueueAsync(new JobRequest { Type = ScriptedJob.Type, ExpiresAt = pipeline.Now.AddMinutes(1) });
        pipeline.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.IsType<DeliveryResult.Expired>(await pipeline.DeliverAsync());
        Assert.Equal(JobState.Expired, await pipeline.StateAsync(id));
        Assert.Empty(pipeline.Script.Starts);
        Assert.Equal(0, pipeline.Messages());
    }

    [Fact]
    public async Task Job_WithoutADeadline_ExpiresSevenDaysAfterItWasDue()
    {
        await using var pipeline = new TestPipeline();
        pipeline.Script.Returns(JobOutcome.Snooze(TimeSpan.FromDays(7) - TimeSpan.FromTicks(1)));
        var id = await pipeline.EnqueueAsync(new JobRequest { Type = ScriptedJob.Type, NotBefore = pipeline.Now.AddDays(2) });
        pipeline.Time.Advance(TimeSpan.FromDays(2));
        await pipeline.DeliverAsync();
        pipeline.Time.Advance(TimeSpan.FromDays(7) - TimeSpan.FromTicks(1));
        Assert.IsType<DeliveryResult.Snoozed>(await pipeline.DeliverAsync());
        pipeline.Time.Advance(TimeSpan.FromTicks(1));
        Assert.IsType<DeliveryResult.Expired>(await pipeline.DeliverAsync());
        Assert.Equal(JobState.Expired, await pipeline.StateAsync(id));
        Assert.Equal(2, pipeline.Script.Starts.Count);
    }
}
