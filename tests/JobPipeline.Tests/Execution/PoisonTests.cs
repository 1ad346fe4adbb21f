using JobPipeline.Execution;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Tests.Rig;

namespace JobPipeline.Tests.Execution;

/// <summary>Tests that the record decides about a message which a host moved to its poison queue.</summary>
public sealed class PoisonTests
{
    private static readonly string Poison = PriorityQueues.PoisonOf(PriorityQueues.Normal);

    [Fact]
    public async Task Drain_MessageOfARunningJob_ResendsIt()
    {
        await using var pipeline = new TestPipeline();
        var id = await pipeline.EnqueueAsync();
        await using var dead = pipeline.Frozen();
        dead.Script.Hangs();
        _ = dead.DeliverAsync();
        await MoveToPoisonAsync(pipeline);

        Assert.IsType<DeliveryResult.Superseded>(await pipeline.DrainPoisonAsync());
        Assert.Null(await pipeline.LetterAsync(id));
        Assert.Equal((1, 0), (pipeline.Messages(), pipeline.Messages(Poison)));
        Assert.IsType<DeliveryResult.Deferred>(await pipeline.DeliverAsync());
        pipeline.AdvanceToNextMessage();
        Assert.IsType<DeliveryResult.Succeeded>(await pipeline.DeliverAsync());
    }

    [Fact]
    public async Task Drain_MessageOfASucceededJob_ChangesNothing()
    {
        await using var pipeline = new TestPipeline();
        var id = await pipeline.EnqueueAsync();
        var delivery = await pipeline.ReceiveAsync();
        await pipeline.Executor.ExecuteAsync(delivery, new DeliveryTerms(CancellationToken.None));
        await MoveToPoisonAsync(pipeline);

        Assert.IsType<DeliveryResult.Superseded>(await pipeline.DrainPoisonAsync());
        Assert.Equal(JobState.Succeeded, await pipeline.StateAsync(id));
        Assert.Null(await pipeline.LetterAsync(id));
        Assert.Equal((0, 0), (pipeline.Messages(), pipeline.Messages(Poison)));
    }

    [Fact]
    public async Task Drain_MessageOfACancelledDuplicate_DoesNotRunIt()
    {
        await using var pipeline = new TestPipeline();
        var id = JobId.Create(pipeline.Now);
        var spec = new JobSpec { Type = ScriptedJob.Type, EnqueuedAt = pipeline.Now };
        await pipeline.Storage.Store.ApplyAsync(
            JobTransition.Duplicate(id, PriorityQueues.Normal, spec, JobId.Create(pipeline.Now), pipeline.Now),
            CancellationToken.None);
        await pipeline.Storage.Queue.SendAsync(Poison, JobMessageWriter.Write(id, 1, spec), TimeSpan.Zero, CancellationToken.None);

        Assert.IsType<DeliveryResult.Superseded>(await pipeline.DrainPoisonAsync());
        Assert.Equal(JobState.Cancelled, await pipeline.StateAsync(id));
    }

    [Fact]
    public async Task Drain_MessageWithoutARecord_BecomesADeadLetterWithItsBytes()
    {
        await using var pipeline = new TestPipeline();
        const string body = """{ "type": "mail.send", "payload": { "to": "ada" } }""";
        await pipeline.DropAsync(body, Poison);
        Assert.Equal(DeadLetterReason.Poison, Assert.IsType<DeliveryResult.DeadLettered>(await pipeline.DrainPoisonAsync()).Reason);

        var deadLetter = await pipeline.OnlyLetterAsync();
        Assert.Equal(
            (PriorityQueues.Normal, "mail.send", body),
            (deadLetter.Queue, deadLetter.Type, System.Text.Encoding.UTF8.GetString(deadLetter.Original.Span)));
        Assert.Equal(JobState.DeadLettered, await pipeline.StateAsync(deadLetter.Id));
        Assert.Empty(pipeline.Script.Starts);
    }

    [Fact]
    public async Task Drain_UnreadableMessage_BecomesADeadLetterWithItsBytes()
    {
        await using var pipeline = new TestPipeline();
        await pipeline.DropAsync("not a job", Poison);
        Assert.Equal(DeadLetterReason.Unreadable, Assert.IsType<DeliveryResult.DeadLettered>(await pipeline.DrainPoisonAsync()).Reason);
        Assert.Equal("not a job"u8.ToArray(), (await pipeline.OnlyLetterAsync()).Original.ToArray());
        Assert.Equal(0, pipeline.Messages(Poison));
    }

    [Fact]
    public async Task Drain_Pack_SplitsItIntoItsQueue()
    {
        await using var pipeline = new TestPipeline();
        await pipeline.Client.EnqueueManyAsync(
            [new JobRequest { Type = QuickJob.Type }, new JobRequest { Type = QuickJob.Type }],
            TestContext.Current.CancellationToken);
        await MoveToPoisonAsync(pipeline);
        Assert.IsType<DeliveryResult.Unpacked>(await pipeline.DrainPoisonAsync());
        Assert.Equal((2, 0), (pipeline.Messages(), pipeline.Messages(Poison)));
        await pipeline.DeliverAsync();
        await pipeline.DeliverAsync();
        Assert.Equal(2, pipeline.Script.Starts.Count);
    }

    /// <summary>Moves the message to the poison queue, as the Functions host does when it gives up.</summary>
    private static async Task MoveToPoisonAsync(TestPipeline pipeline)
    {
        pipeline.AdvanceToNextMessage();
        var delivery = await pipeline.ReceiveAsync();
        await pipeline.Storage.Queue.SendAsync(Poison, delivery.Body, TimeSpan.Zero, CancellationToken.None);
        await pipeline.Storage.Queue.DeleteAsync(delivery, CancellationToken.None);
        // The worker died after the message was moved, so it still holds its lease.
        var rows = await pipeline.RowsAsync(Assert.IsType<MessageReading.Job>(Single(delivery.Body)).Message.Id!.Value);
        if (rows.Current is { State: AttemptState.Running } row)
            await pipeline.Storage.Store.ApplyAsync(
                JobTransition.Touch(row with { LeaseUntil = pipeline.Now.AddSeconds(30) }),
                CancellationToken.None);
    }

    private static MessageReading Single(ReadOnlyMemory<byte> body) =>
        JobMessageReader.Read(body, default) is var reading && reading is MessageReading.Pack pack
            ? JobMessageReader.Read(pack.Parts[0], default)
            : reading;
}
