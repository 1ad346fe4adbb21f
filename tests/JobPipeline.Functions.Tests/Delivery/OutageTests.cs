using JobPipeline.Functions.Tests.Support;
using JobPipeline.Jobs;

namespace JobPipeline.Functions.Tests.Delivery;

/// <summary>Storage outages: the triggers pass on failures of the queue itself, and no others.</summary>
public sealed class OutageTests
{
    private const string Foreign = """{ "type": "mail.send" }""";
    private const string Unknown = """{ "type": "mail.sent" }""";
    private const string Keyed = """{ "specversion": "1.0", "type": "mail.send", "source": "/shop", "id": "7" }""";

    [Theory]
    [InlineData("read rows")]
    [InlineData("write Running")]
    [InlineData("write Succeeded")]
    public async Task Outage_OfTheTables_ResendsAJobWithARecord(string failing)
    {
        await using var rig = new FunctionsRig();
        var id = await rig.EnqueueAsync();
        rig.Storage.FailsBefore = call => call == failing || (failing == "read rows" && call == "write Running");
        var started = rig.Now;
        var run = rig.Host.DeliverAsync(PriorityQueues.Normal);
        rig.Time.Advance(TimeSpan.FromMinutes(2));
        await run.InTime();
        Assert.Null(rig.Host.Thrown);
        Assert.Equal(1, rig.Messages());
        Assert.True(rig.Storage.Queue.NextVisibleAt(PriorityQueues.Normal) >= started + TimeSpan.FromSeconds(30));

        rig.Storage.FailsBefore = static _ => false;
        await rig.RunUntilIdleAsync();
        Assert.Equal(JobState.Succeeded, await rig.StateAsync(id));
        Assert.Empty(await rig.LettersAsync());
    }

    [Fact]
    public async Task Outage_OfHours_NeitherThrowsNorPoisons()
    {
        await using var rig = new FunctionsRig();
        var own = await rig.EnqueueAsync();
        await rig.DropAsync(Foreign);
        await rig.DropAsync(Keyed);
        rig.Storage.FailsBefore = static call => !call.StartsWith("send", StringComparison.Ordinal);
        for (var i = 0; i < 3 * FunctionsHostDouble.MaxDequeueCount; i++)
        {
            while (await rig.Host.DeliverAsync(PriorityQueues.Normal))
                Assert.Null(rig.Host.Thrown);
            rig.Time.Advance(TimeSpan.FromMinutes(1));
        }

        rig.Storage.FailsBefore = static _ => false;
        await rig.RunUntilIdleAsync();
        foreach (var id in (JobId[])[own, rig.IdOf(Foreign), rig.IdOf(Keyed)])
            Assert.Equal(JobState.Succeeded, await rig.StateAsync(id));
        Assert.Equal((0, 3), (rig.Messages(PriorityQueues.PoisonOf(PriorityQueues.Normal)), rig.Script.Starts.Count));
    }

    [Fact]
    public async Task Outage_BeforeAForeignKeyIsReserved_StillEnqueuesNoSecondJob()
    {
        await using var rig = new FunctionsRig();
        await rig.DropAsync(Keyed);
        rig.Storage.FailsBefore = static call => call.EndsWith("key", StringComparison.Ordinal);
        await rig.Host.DeliverAsync(PriorityQueues.Normal);
        Assert.Null(rig.Host.Thrown);

        rig.Storage.FailsBefore = static _ => false;
        await rig.RunUntilIdleAsync();
        await rig.DropAsync(Keyed);
        await rig.RunUntilIdleAsync();
        var (first, second) = (rig.IdOf(Keyed), rig.IdOf(Keyed, 1));
        Assert.Equal((JobState.Succeeded, JobState.Cancelled), (await rig.StateAsync(first), await rig.StateAsync(second)));
        Assert.Equal(first, (await rig.RowsAsync(second)).Record!.Status.DuplicateOf);
        Assert.Single(rig.Script.Starts);
    }

    [Fact]
    public async Task Outage_WhileALargeForeignPayloadIsStored_ResendsTheOriginalMessage()
    {
        await using var rig = new FunctionsRig();
        await rig.DropAsync($$$"""{"type":"mail.send","payload":{"to":"{{{new string('x', JobLimits.MaxMessageBytes)}}}"}}""");
        rig.Storage.FailsBefore = static call => call == "write payload";
        await rig.Host.DeliverAsync(PriorityQueues.Normal);
        Assert.Null(rig.Host.Thrown);

        rig.Storage.FailsBefore = static _ => false;
        await rig.RunUntilIdleAsync();
        Assert.Equal(JobState.Succeeded, await rig.StateAsync(Assert.Single(rig.Script.Starts).Job));
    }

    [Fact]
    public async Task Outage_WhileADeadLetterIsWritten_IsRepeated()
    {
        await using var rig = new FunctionsRig();
        await rig.DropAsync("not a job");
        await rig.DropAsync(Unknown);
        rig.Storage.FailsBefore = static call => call == "write dead letter";
        await rig.Host.DeliverAsync(PriorityQueues.Normal);
        await rig.Host.DeliverAsync(PriorityQueues.Normal);
        Assert.Null(rig.Host.Thrown);
        Assert.Equal(2, rig.Messages());

        rig.Storage.FailsBefore = static _ => false;
        await rig.RunUntilIdleAsync();
        var deadLetters = await rig.LettersAsync();
        Assert.Equal(rig.IdOf(Unknown), Assert.Single(deadLetters, deadLetter => deadLetter.Reason == DeadLetterReason.UnknownType).Id);
        Assert.True(
            Assert.Single(deadLetters, deadLetter => deadLetter.Reason == DeadLetterReason.Unreadable).Original.Span.SequenceEqual(
                "not a job"u8));
    }

    [Fact]
    public async Task Outage_OfTheQueueItself_IsRetriedByTheHost()
    {
        await using var rig = new FunctionsRig();
        var id = await rig.EnqueueAsync();
        rig.Storage.FailsBefore = static _ => true;
        await rig.Host.DeliverAsync(PriorityQueues.Normal);
        Assert.IsType<IOException>(rig.Host.Thrown);
        Assert.Equal(
            (1, rig.Now + FunctionsHostDouble.RetryVisibility), (rig.Messages(), rig.Storage.Queue.NextVisibleAt(PriorityQueues.Normal)));

        rig.Storage.FailsBefore = static _ => false;
        await rig.RunUntilIdleAsync();
        Assert.Equal(JobState.Succeeded, await rig.StateAsync(id));
    }
}
