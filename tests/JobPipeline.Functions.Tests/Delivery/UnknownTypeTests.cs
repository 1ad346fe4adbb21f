using JobPipeline.Functions.Tests.Support;
using JobPipeline.Instances;
using JobPipeline.Jobs;

namespace JobPipeline.Functions.Tests.Delivery;

/// <summary>Jobs of types without a handler in this app, on a host that deletes every message whose function returns.</summary>
public sealed class UnknownTypeTests
{
    private const string Text = """{ "type": "other.app", "payload": { "a": 1 } }""";
    private static readonly string Poison = PriorityQueues.PoisonOf(PriorityQueues.Normal);

    [Fact]
    public async Task Delivery_OfAnUnknownType_IsResentUntilTheGracePeriodEnds()
    {
        await using var rig = new FunctionsRig();
        await rig.DropAsync(Text);
        await rig.Host.DeliverAsync(PriorityQueues.Normal);
        var id = rig.IdOf(Text);
        Assert.Equal((1, JobState.Queued), (rig.Messages(), await rig.StateAsync(id)));
        var wait = rig.Storage.Queue.NextVisibleAt(PriorityQueues.Normal)!.Value - rig.Now;
        Assert.InRange(wait, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1.25));
        var started = rig.Now;

        await rig.RunUntilIdleAsync();

        var deadLetter = Assert.Single(await rig.LettersAsync());
        Assert.Equal((id, DeadLetterReason.UnknownType), (deadLetter.Id, deadLetter.Reason));
        Assert.Equal(TimeSpan.FromMinutes(15), rig.Now - started);
        Assert.InRange(rig.Host.Deliveries.Count, 10, 36);
    }

    [Fact]
    public async Task Delivery_WhileAnotherInstanceHandlesTheType_IsNeverDeadLettered()
    {
        await using var rig = new FunctionsRig();
        await rig.Instances.PutAsync(
            new Instance
            {
                Name = "other",
                Kind = "functions",
                StartedAt = rig.Now,
                LastHeartbeatAt = rig.Now.AddHours(2),
                JobTypes = [new("other.app", PriorityQueues.Normal)],
            },
            TestContext.Current.CancellationToken);
        await rig.DropAsync(Text);
        for (var end = rig.Now.AddHours(2); rig.Now < end;)
        {
            await rig.Host.DeliverAsync(PriorityQueues.Normal);
            Assert.Null(rig.Host.Thrown);
            rig.Time.Advance(rig.Storage.Queue.NextVisibleAt(PriorityQueues.Normal)!.Value - rig.Now);
        }

        Assert.Equal((1, JobState.Queued), (rig.Messages(), await rig.StateAsync(rig.IdOf(Text))));
        Assert.Empty(await rig.LettersAsync());
    }

    [Fact]
    public async Task Drain_OfAnUnknownTypeWithoutARecord_SendsItToItsQueue()
    {
        await using var rig = new FunctionsRig();
        await rig.DropAsync(Text, Poison);
        await rig.Host.DeliverAsync(Poison);
        Assert.Empty(await rig.LettersAsync());
        Assert.Equal((1, 0), (rig.Messages(), rig.Messages(Poison)));

        await rig.RunUntilIdleAsync();

        Assert.Equal(DeadLetterReason.UnknownType, Assert.Single(await rig.LettersAsync()).Reason);
    }
}
