using JobPipeline.Execution;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Tests.Rig;

namespace JobPipeline.Tests.Execution;

/// <summary>
/// Tests of workers that die, hang or return late. A worker with a frozen clock sends no heartbeat, so others see it as dead.
/// </summary>
public sealed class LeaseTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Lease_OfALongRun_IsRenewedAndHidesTheMessage()
    {
        await using var pipeline = new TestPipeline();
        var gate = pipeline.Script.Hangs();
        var id = await pipeline.EnqueueAsync(new JobRequest { Type = ScriptedJob.Type, Timeout = TimeSpan.FromHours(1) });
        var run = pipeline.DeliverAsync();
        for (var i = 0; i < 10; i++)
        {
            pipeline.Time.Advance(TimeSpan.FromSeconds(61));
            await using var rival = pipeline.Another();
            Assert.IsType<DeliveryResult.Deferred>(await rival.DeliverAsync());
            Assert.Empty(rival.Script.Starts);
        }

        gate.SetResult(JobOutcome.Success());
        Assert.IsType<DeliveryResult.Succeeded>(await run.InTime());
        Assert.Equal(0, Assert.Single((await pipeline.RowsAsync(id)).Attempts).Deaths);
    }

    [Fact]
    public async Task Claim_OfADeadWorker_IsTakenOverAndItsLateOutcomeRejected()
    {
        await using var pipeline = new TestPipeline();
        var id = await pipeline.EnqueueAsync();
        await using var dead = pipeline.Frozen();
        var gate = dead.Script.Hangs();
        var run = dead.DeliverAsync();
        pipeline.Time.Advance(Lease);

        pipeline.Script.Returns(JobOutcome.Success("second"));
        Assert.IsType<DeliveryResult.Succeeded>(await pipeline.DeliverAsync());
        gate.SetResult(JobOutcome.Success("first"));
        Assert.IsType<DeliveryResult.Deferred>(await run.InTime());

        var rows = await pipeline.RowsAsync(id);
        Assert.Equal("\"second\"", System.Text.Encoding.UTF8.GetString(rows.Record!.Status.Result.Span));
        Assert.Equal(1, Assert.Single(rows.Attempts).Deaths);
        Assert.Contains(dead.Log.Entries, entry => entry.Event.Id == 1004);
    }

    [Fact]
    public async Task Job_AfterThreeWorkerDeaths_IsDeadLettered()
    {
        await using var pipeline = new TestPipeline();
        var id = await pipeline.EnqueueAsync();
        var workers = new List<TestPipeline>();
        var owner = "";
        for (var deaths = 0; deaths < 3; deaths++)
        {
            var dead = pipeline.Frozen();
            workers.Add(dead);
            dead.Script.Hangs();
            _ = dead.DeliverAsync();
            var row = Assert.Single((await pipeline.RowsAsync(id)).Attempts);
            Assert.Equal(deaths, row.Deaths);
            owner = row.Owner;
            pipeline.Time.Advance(Lease);
        }

        Assert.Equal(DeadLetterReason.KilledItsWorker, Assert.IsType<DeliveryResult.DeadLettered>(await pipeline.DeliverAsync()).Reason);
        Assert.Empty(pipeline.Script.Starts);
        Assert.Equal(JobState.DeadLettered, await pipeline.StateAsync(id));
        var deadLetter = (await pipeline.LetterAsync(id))!;
        Assert.Equal(
            (DeadLetterReason.KilledItsWorker, $"3 workers crashed while running it; the last one was '{owner}'"),
            (deadLetter.Reason, deadLetter.Detail));
        Assert.Equal(3, Assert.Single((await pipeline.RowsAsync(id)).Attempts).Deaths);
        Assert.Equal(0, pipeline.Messages());
    }

    [Fact]
    public async Task Heartbeat_ThatCannotRenew_GivesUpTheClaimWhenTheLeaseExpires()
    {
        await using var pipeline = new TestPipeline();
        pipeline.Script.Hangs();
        await pipeline.EnqueueAsync();
        var run = pipeline.DeliverAsync();
        pipeline.Storage.FailsBefore = call => call == "write touch";
        pipeline.Time.Advance(Lease - TimeSpan.FromTicks(1));
        Assert.False(run.IsCompleted);
        pipeline.Time.Advance(TimeSpan.FromTicks(1));
        Assert.IsType<DeliveryResult.Deferred>(await run.InTime());
    }

    [Fact]
    public async Task Claim_WhoseResponseWasLost_IsRecognised()
    {
        await using var pipeline = new TestPipeline();
        var id = await pipeline.EnqueueAsync();
        var once = true;
        pipeline.Storage.FailsAfter = call => call == "write Running" && once && !(once = false);
        Assert.IsType<DeliveryResult.Succeeded>(await pipeline.DeliverAsync());
        Assert.Equal((id, 1), Assert.Single(pipeline.Script.Starts));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Outcome_ThatCannotBeStored_IsRetriedWhileTheLeaseLasts(bool afterEffect)
    {
        await using var pipeline = new TestPipeline();
        var id = await pipeline.EnqueueAsync();
        var failures = 3;
        bool Fails(string call) => call == "write Succeeded" && failures-- > 0;
        if (afterEffect)
            pipeline.Storage.FailsAfter = Fails;
        else
            pipeline.Storage.FailsBefore = Fails;
        var run = pipeline.DeliverAsync();
        for (var i = 0; i < 5 && !run.IsCompleted; i++)
            pipeline.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.IsType<DeliveryResult.Succeeded>(await run.InTime());
        Assert.Equal(JobState.Succeeded, await pipeline.StateAsync(id));
        Assert.Single(pipeline.Script.Starts);
    }

    [Fact]
    public async Task Outcome_ThatCanNeverBeStored_ThrowsAndTheJobRunsAgain()
    {
        await using var pipeline = new TestPipeline();
        var id = await pipeline.EnqueueAsync();
        pipeline.Storage.FailsBefore = call => call == "write Succeeded";
        var run = pipeline.DeliverAsync();
        for (var i = 0; i < 70 && !run.IsCompleted; i++)
            pipeline.Time.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<IOException>(() => run.InTime());

        pipeline.Storage.FailsBefore = static _ => false;
        pipeline.Time.Advance(Lease);
        Assert.IsType<DeliveryResult.Succeeded>(await pipeline.DeliverAsync());
        Assert.Equal(JobState.Succeeded, await pipeline.StateAsync(id));
        Assert.Equal(2, pipeline.Script.Starts.Count);
    }

    [Fact]
    public async Task Redelivery_AfterAFailureWhoseRetryWasNotSent_SendsTheNextAttempt()
    {
        await using var pipeline = new TestPipeline();
        pipeline.Script.Throws(new IOException("unplugged"));
        var id = await pipeline.EnqueueAsync();
        pipeline.Storage.FailsBefore = call => call == "send to jobs";
        await Assert.ThrowsAsync<IOException>(() => pipeline.DeliverAsync());
        Assert.Equal(JobState.Retrying, await pipeline.StateAsync(id));

        pipeline.Storage.FailsBefore = static _ => false;
        pipeline.Script.Returns(JobOutcome.Success());
        pipeline.AdvanceToNextMessage();
        Assert.IsType<DeliveryResult.Superseded>(await pipeline.DeliverAsync());
        Assert.Equal(1, pipeline.Messages());
        pipeline.AdvanceToNextMessage();
        Assert.IsType<DeliveryResult.Succeeded>(await pipeline.DeliverAsync());
        Assert.Equal([(id, 1), (id, 2)], pipeline.Script.Starts);
    }

    [Fact]
    public async Task Redelivery_AfterAnEndWithoutItsDeadLetter_WritesTheDeadLetter()
    {
        await using var pipeline = new TestPipeline();
        pipeline.Script.Throws(new JobRejectedException("no"));
        var id = await pipeline.EnqueueAsync();
        pipeline.Storage.FailsBefore = call => call == "write dead letter";
        await Assert.ThrowsAsync<IOException>(() => pipeline.DeliverAsync());

        pipeline.Storage.FailsBefore = static _ => false;
        pipeline.AdvanceToNextMessage();
        Assert.IsType<DeliveryResult.DeadLettered>(await pipeline.DeliverAsync());
        var deadLetter = await pipeline.LetterAsync(id);
        Assert.Equal((DeadLetterReason.PermanentFailure, "no"), (deadLetter!.Reason, deadLetter.Detail));
        Assert.Equal("no", Assert.Single(deadLetter.Errors).Message);
        Assert.Equal(0, pipeline.Messages());
    }
}
