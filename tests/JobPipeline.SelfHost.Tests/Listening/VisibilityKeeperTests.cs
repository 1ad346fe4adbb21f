using JobPipeline.Configuration;
using JobPipeline.Execution;
using JobPipeline.Instances;
using JobPipeline.Jobs;
using JobPipeline.SelfHost.Listening;
using JobPipeline.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace JobPipeline.SelfHost.Tests.Listening;

public sealed class VisibilityKeeperTests
{
    private readonly VirtualTimeProvider _time = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Hold_UntilTakenOrReturned_CountsAsWaiting(bool itsTurnComes)
    {
        var queue = new InMemoryQueue(_time);
        var waiting = new WaitingMessages();
        using var keeper = new VisibilityKeeper(
            queue, waiting, _time, Options.Create(new JobPipelineOptions()), NullLogger<VisibilityKeeper>.Instance);
        await queue.SendAsync(PriorityQueues.Low, "{}"u8.ToArray(), TimeSpan.Zero, TestContext.Current.CancellationToken);
        var sentAt = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromHours(1));
        var delivery = Assert.Single(
            await queue.ReceiveAsync(PriorityQueues.Low, 1, keeper.Visibility, TestContext.Current.CancellationToken));

        using var held = keeper.Hold(delivery, _time.GetUtcNow());
        Assert.Equal([new QueueWait(PriorityQueues.Low, sentAt)], waiting.Oldest());

        if (itsTurnComes)
            keeper.Begin(held);
        else
            keeper.Release(held);
        Assert.Empty(waiting.Oldest());
    }
}
