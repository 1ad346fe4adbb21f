using System.Text;
using JobPipeline.Functions.Tests.Support;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Functions.Tests.Delivery;

/// <summary>
/// Messages in a poison queue are copies with new ids; the drain reads the record by the job id in the body before it acts.
/// </summary>
public sealed class PoisonTests
{
    private static readonly string Poison = PriorityQueues.PoisonOf(PriorityQueues.Normal);

    [Fact]
    public async Task Drain_OfARunningJob_ChangesNothingAndResendsItsMessage()
    {
        await using var rig = new FunctionsRig();
        await using var other = rig.Dying();
        other.Script.Hangs();
        var id = await rig.EnqueueAsync();
        var body = await CopyToPoisonAsync(rig, id);
        _ = await other.Host.DeliverAndDieAsync(PriorityQueues.Normal);

        await rig.Host.DeliverAsync(Poison);
        Assert.Equal(JobState.Running, await rig.StateAsync(id));
        Assert.Empty(await rig.LettersAsync());
        Assert.Equal((2, 0), (rig.Messages(), rig.Messages(Poison)));
        Assert.NotEmpty(body);

        await rig.RunUntilIdleAsync();
        Assert.Equal(JobState.Succeeded, await rig.StateAsync(id));
    }

    [Fact]
    public async Task Drain_OfASucceededJob_ChangesNothing()
    {
        await using var rig = new FunctionsRig();
        var id = await rig.EnqueueAsync();
        await CopyToPoisonAsync(rig, id);
        await rig.RunUntilIdleAsync();
        await rig.Host.DeliverAsync(Poison);
        Assert.Equal(JobState.Succeeded, await rig.StateAsync(id));
        Assert.Empty(await rig.LettersAsync());
        Assert.Equal((0, 0), (rig.Messages(), rig.Messages(Poison)));
        Assert.Single(rig.Script.Starts);
    }

    [Theory]
    [InlineData("""{ "type": "mail.send", "payload": { "to": "ada" } }""", DeadLetterReason.Poison)]
    [InlineData("no job at all", DeadLetterReason.Unreadable)]
    public async Task Drain_OfAnUnreadableMessage_DeadLettersItsBytes(string body, DeadLetterReason reason)
    {
        await using var rig = new FunctionsRig();
        await rig.DropAsync(body, Poison);
        await rig.Host.DeliverAsync(Poison);
        var deadLetter = Assert.Single(await rig.LettersAsync());
        Assert.Equal((reason, body), (deadLetter.Reason, Encoding.UTF8.GetString(deadLetter.Original.Span)));
        Assert.Empty(rig.Script.Starts);
    }

    [Fact]
    public async Task Drain_DuringAnOutage_ResendsToItsQueueAndNeverToASecondPoisonQueue()
    {
        await using var rig = new FunctionsRig();
        var id = await rig.EnqueueAsync();
        await CopyToPoisonAsync(rig, id);
        await rig.DropAsync("no job at all", Poison);
        rig.Storage.FailsBefore = static call => !call.StartsWith("send", StringComparison.Ordinal);
        for (var i = 0; i < FunctionsHostDouble.MaxDequeueCount + 10; i++)
        {
            while (await rig.Host.DeliverAsync(Poison))
                Assert.Null(rig.Host.Thrown);
            rig.Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal((2, 0), (rig.Messages(Poison), rig.Messages(Poison + PriorityQueues.PoisonSuffix)));
        rig.Storage.FailsBefore = static _ => false;
        await rig.RunUntilIdleAsync(Poison);
        await rig.RunUntilIdleAsync();
        Assert.Equal(JobState.Succeeded, await rig.StateAsync(id));
        Assert.Single(await rig.LettersAsync());
    }

    [Fact]
    public async Task Drain_OfAPackDuringAnOutage_SplitsItWithoutTheRecords()
    {
        await using var rig = new FunctionsRig();
        var ids = await rig.EnqueuePackAsync(3);
        await rig.Host.DeliverAsync(PriorityQueues.Normal);
        await rig.Storage.Queue.SendAsync(
            Poison,
            JobMessageWriter.WritePack(
                [.. (await Task.WhenAll(ids.Select(rig.RowsAsync))).Select(rows => (rows.Record!.Id, rows.Record.Spec))]),
            TimeSpan.Zero,
            CancellationToken.None);
        rig.Storage.FailsBefore = static call => !call.StartsWith("send", StringComparison.Ordinal);
        await rig.Host.DeliverAsync(Poison);
        Assert.Null(rig.Host.Thrown);
        Assert.Equal((3, 0), (rig.Messages(), rig.Messages(Poison)));

        rig.Storage.FailsBefore = static _ => false;
        await rig.RunUntilIdleAsync();
        Assert.Equal(3, rig.Script.Starts.Count);
    }

    /// <summary>Fifty failed deliveries, after which the host itself moves the message to the poison queue.</summary>
    [Fact]
    public async Task Host_ThatPoisonedAJob_DrainsItAndTheJobRuns()
    {
        await using var rig = new FunctionsRig();
        rig.Script.Returns(JobOutcome.Success());
        var id = await rig.EnqueueAsync();
        rig.Storage.FailsBefore = static _ => true;
        for (var i = 0; i < FunctionsHostDouble.MaxDequeueCount; i++)
        {
            await rig.Host.DeliverAsync(PriorityQueues.Normal);
            rig.Time.Advance(FunctionsHostDouble.RetryVisibility);
            if (i == FunctionsHostDouble.MaxDequeueCount - 2)
                rig.Storage.FailsBefore = static call => !call.StartsWith("send to jobs-poison", StringComparison.Ordinal);
        }

        Assert.Equal((0, 1), (rig.Messages(), rig.Messages(Poison)));
        rig.Storage.FailsBefore = static _ => false;
        await rig.Host.DeliverAsync(Poison);
        await rig.RunUntilIdleAsync();
        Assert.Equal(JobState.Succeeded, await rig.StateAsync(id));
    }

    private static async Task<byte[]> CopyToPoisonAsync(FunctionsRig rig, JobId id)
    {
        var body = JobMessageWriter.Write(id, 1, (await rig.RowsAsync(id)).Record!.Spec);
        await rig.Storage.Queue.SendAsync(Poison, body, TimeSpan.Zero, CancellationToken.None);
        return body;
    }
}
