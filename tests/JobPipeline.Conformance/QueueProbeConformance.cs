using JobPipeline.Jobs;
using JobPipeline.Maintenance.Queues;

namespace JobPipeline.Conformance;

/// <summary>The contract of <see cref="IQueueProbe"/>.</summary>
public abstract class QueueProbeConformance : Suite
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    protected abstract IJobQueue Sender { get; }

    protected abstract IJobQueueReceiver Receiver { get; }

    private protected abstract IQueueProbe Probe { get; }

    [Fact]
    public async Task Look_AtAnEmptyQueue_ReturnsNothing()
    {
        var glance = await Probe.LookAsync(PriorityQueues.Normal, Token);

        Assert.Equal(0, glance.Depth);
        Assert.Empty(glance.Front);
    }

    [Fact]
    public async Task Look_AtMessages_CountsAllAndPeeksAtDueOnes()
    {
        await Sender.SendAsync(PriorityQueues.Normal, Samples.Bytes("""{"type":"in.hand"}"""), TimeSpan.Zero, Token);
        Assert.Single(await Receiver.ReceiveAsync(PriorityQueues.Normal, 1, Long, Token));
        await Sender.SendAsync(PriorityQueues.Normal, Samples.Bytes("""{"type":"due"}"""), TimeSpan.Zero, Token);
        await Sender.SendAsync(PriorityQueues.Normal, Samples.Bytes("""{"type":"later"}"""), Long, Token);

        var glance = await Probe.LookAsync(PriorityQueues.Normal, Token);

        Assert.Equal(3, glance.Depth);
        Assert.Equal("""{"type":"due"}"""u8.ToArray(), Assert.Single(glance.Front).Body.ToArray());
        var received = Assert.Single(await Receiver.ReceiveAsync(PriorityQueues.Normal, 32, Long, Token));
        Assert.Equal((1, received.InsertedAt), (received.DequeueCount, glance.Front[0].InsertedAt));
    }

    [Fact]
    public async Task Look_AtMoreMessagesThanItReturns_CountsAll()
    {
        await Task.WhenAll(Enumerable.Range(0, 40).Select(
            _ => Sender.SendAsync(PriorityQueues.Normal, "{}"u8.ToArray(), TimeSpan.Zero, Token)));

        var glance = await Probe.LookAsync(PriorityQueues.Normal, Token);

        Assert.Equal((40, 32), (glance.Depth, glance.Front.Count));
    }
}
