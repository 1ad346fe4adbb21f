using JobPipeline.Functions.Tests.Support;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Tests.Rig;

namespace JobPipeline.Functions.Tests.Delivery;

/// <summary>The host deletes the message of every function that returns, so a job that is not done is re-sent as a new message.</summary>
public sealed class PriorityQueueTests
{
    private const string Foreign = """{ "type": "mail.send", "payload": { "to": "ada" } }""";

    [Theory]
    [InlineData(PriorityQueues.High)]
    [InlineData(PriorityQueues.Normal)]
    [InlineData(PriorityQueues.Low)]
    public async Task Drop_OnEachQueue_RunsOnceAndLeavesNothing(string queue)
    {
        await using var rig = new FunctionsRig();
        await rig.DropAsync(Foreign, queue);
        await rig.RunUntilIdleAsync(queue);
        var id = rig.IdOf(Foreign);
        Assert.Equal(JobState.Succeeded, await rig.StateAsync(id));
        Assert.Equal((id, 1), Assert.Single(rig.Script.Starts));
    }

    [Fact]
    public async Task Snooze_OfAJob_ResendsItsMessageUntilItsTime()
    {
        await using var rig = new FunctionsRig();
        rig.Script.Returns(JobOutcome.Snooze(TimeSpan.FromMinutes(5)));
        var id = await rig.EnqueueAsync();
        await rig.Host.DeliverAsync(PriorityQueues.Normal);
        Assert.Equal((1, rig.Now + TimeSpan.FromMinutes(5)), (rig.Messages(), rig.Storage.Queue.NextVisibleAt(PriorityQueues.Normal)));

        rig.Script.Returns(JobOutcome.Success());
        await rig.RunUntilIdleAsync();
        Assert.Equal(JobState.Succeeded, await rig.StateAsync(id));
        Assert.Equal(1, Assert.Single((await rig.RowsAsync(id)).Attempts).Number);
    }

    [Fact]
    public async Task Failure_OfAJob_IsRetriedToItsEnd()
    {
        await using var rig = new FunctionsRig();
        rig.Script.Throws(new IOException("scripted"));
        var id = await rig.EnqueueAsync();
        await rig.RunUntilIdleAsync();
        Assert.Equal(JobState.DeadLettered, await rig.StateAsync(id));
        Assert.Equal(3, rig.Script.Starts.Count);
        Assert.Equal(DeadLetterReason.AttemptsExhausted, Assert.Single(await rig.LettersAsync()).Reason);
    }

    [Fact]
    public async Task Redelivery_AfterAnInstanceDied_TakesOverTheAttempt()
    {
        await using var rig = new FunctionsRig();
        await using var dying = rig.Dying();
        dying.Script.Hangs();
        await rig.DropAsync(Foreign);
        _ = await dying.Host.DeliverAndDieAsync(PriorityQueues.Normal);
        rig.Time.Advance(TimeSpan.FromMinutes(10));

        await rig.RunUntilIdleAsync();
        var id = rig.IdOf(Foreign);
        Assert.Equal(JobState.Succeeded, await rig.StateAsync(id));
        var attempt = Assert.Single((await rig.RowsAsync(id)).Attempts);
        Assert.Equal((1, 1), (attempt.Number, attempt.Deaths));
    }

    [Fact]
    public async Task Redelivery_OfARunningJob_ReturnsWhenTheLeaseExpires()
    {
        await using var rig = new FunctionsRig();
        await using var other = rig.Dying();
        other.Script.Hangs();
        var id = await rig.EnqueueAsync();
        _ = await other.Host.DeliverAndDieAsync(PriorityQueues.Normal);
        var message = (await rig.RowsAsync(id)).Record!;
        await rig.Storage.Queue.SendAsync(
            PriorityQueues.Normal, JobMessageWriter.Write(id, 1, message.Spec), TimeSpan.Zero, CancellationToken.None);

        var lease = (await rig.RowsAsync(id)).Current!.LeaseUntil;
        await rig.Host.DeliverAsync(PriorityQueues.Normal);
        Assert.Null(rig.Host.Thrown);
        Assert.Equal((2, lease), (rig.Messages(), rig.Storage.Queue.NextVisibleAt(PriorityQueues.Normal)));
        Assert.Empty(rig.Script.Starts);
    }

    [Fact]
    public async Task Stop_OfTheHost_ReleasesTheAttemptAtOnce()
    {
        await using var rig = new FunctionsRig();
        rig.Script.Hangs();
        var id = await rig.EnqueueAsync(new JobRequest { Type = ScriptedJob.Type, MaxAttempts = 1 });
        using var stopping = new CancellationTokenSource();
        var run = rig.Host.DeliverAsync(PriorityQueues.Normal, stopping);
        await stopping.CancelAsync();
        Assert.True(await run.InTime());
        Assert.Null(rig.Host.Thrown);
        Assert.True(rig.Storage.Queue.HasVisible(PriorityQueues.Normal));
        Assert.Equal(JobState.Queued, await rig.StateAsync(id));

        rig.Script.Returns(JobOutcome.Success());
        await rig.RunUntilIdleAsync();
        Assert.Equal((JobState.Succeeded, 1), (await rig.StateAsync(id), Assert.Single((await rig.RowsAsync(id)).Attempts).Number));
    }

    [Fact]
    public async Task Timeout_OfAMessageAboveTheHosts_IsReducedToIt()
    {
        await using var rig = new FunctionsRig(("AzureFunctionsJobHost:functionTimeout", "00:10:00"));
        rig.Script.Hangs();
        await rig.EnqueueAsync(new JobRequest { Type = ScriptedJob.Type, Timeout = TimeSpan.FromHours(2), MaxAttempts = 1 });
        var run = rig.Host.DeliverAsync(PriorityQueues.Normal);
        rig.Time.Advance(TimeSpan.FromMinutes(9));
        Assert.False(run.IsCompleted);
        rig.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(await run.InTime());
        Assert.Equal(ErrorKind.Timeout, Assert.Single(Assert.Single(await rig.LettersAsync()).Errors).Kind);
    }
}
