using JobPipeline.Jobs;
using JobPipeline.Maintenance.Queues;
using JobPipeline.Tests.Rig;

namespace JobPipeline.Tests.Monitoring;

public sealed class QueueInspectorTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Inspect_Queues_ReturnsDepthsAndTheOldestDueMessage()
    {
        await using var pipeline = new TestPipeline();
        var start = pipeline.Now;
        // Sent long before it is due: its wait starts at its due time.
        await pipeline.EnqueueAsync(new JobRequest { Type = ScriptedJob.Type, NotBefore = start.AddHours(2) });
        await pipeline.DropAsync("no job at all", PriorityQueues.Low);
        await pipeline.DropAsync("{}", PriorityQueues.PoisonOf(PriorityQueues.High));
        pipeline.Time.Advance(TimeSpan.FromHours(3));
        await pipeline.EnqueueAsync();
        await pipeline.EnqueueAsync(new JobRequest { Type = ScriptedJob.Type, NotBefore = pipeline.Now.AddHours(1) });

        var queues = await new QueueInspector(pipeline.Storage.Queue).InspectAsync(Token);

        Assert.Equal(
            [
                new QueueStatus(PriorityQueues.High, 0, null, 1),
                new QueueStatus(PriorityQueues.Normal, 3, start.AddHours(2), 0) { WaitsSince = start.AddHours(2) },
                new QueueStatus(PriorityQueues.Low, 1, start, 0) { WaitsSince = start },
            ],
            queues);
    }
}
