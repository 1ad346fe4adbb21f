using CsCheck;
using JobPipeline.Jobs;
using JobPipeline.SelfHost.Listening;
using JobPipeline.Testing;

namespace JobPipeline.SelfHost.Tests.Listening;

public sealed class BacklogTests
{
    private static readonly VirtualTimeProvider Time = new();
    private static readonly InMemoryQueue Queue = new(Time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static bool Start() => true;

    [Fact]
    public async Task Take_WhileAllQueuesAreFull_FollowsTheWeightsEvenly()
    {
        using var backlog = Filled(100, 100, 100);
        var taken = new List<string>();
        for (var i = 0; i < 20; i++)
            taken.Add((await backlog.TakeAsync(Start, Token))!.Delivery.Queue);
        foreach (var round in taken.Chunk(10))
            Assert.Equal(
                (6, 3, 1),
                (
                    round.Count(queue => queue == PriorityQueues.High),
                    round.Count(queue => queue == PriorityQueues.Normal),
                    round.Count(queue => queue == PriorityQueues.Low)));
    }

    [Fact]
    public void Take_OfAnyMixture_ReturnsEachOnceInQueueOrder() =>
        Gen.Int[0, 40].Array[3].Sample(counts =>
        {
            using var backlog = Filled(counts[0], counts[1], counts[2]);
            var taken = new List<HeldDelivery>();
            for (var i = 0; i < counts.Sum(); i++)
                taken.Add(backlog.TakeAsync(Start, CancellationToken.None).Result!);
            foreach (var queue in taken.GroupBy(held => held.Delivery.Queue, StringComparer.Ordinal))
                Assert.Equal(
                    queue.Select(held => held.Delivery.MessageId).Order(StringComparer.Ordinal),
                    queue.Select(held => held.Delivery.MessageId));
            Assert.Empty(backlog.Close());
        }, iter: 200);

    [Fact]
    public async Task WaitForRoom_WhileTheQueueIsFull_WaitsUntilOneIsTaken()
    {
        using var backlog = Filled(0, 2, 0);
        var room = backlog.WaitForRoomAsync(PriorityQueues.Normal, 1, Token);
        Assert.False(room.IsCompleted);
        await backlog.TakeAsync(Start, Token);
        await room;
    }

    [Fact]
    public async Task Take_WhenNoneMayStart_LeavesTheMessage()
    {
        using var backlog = Filled(0, 1, 0);

        Assert.Null(await backlog.TakeAsync(() => false, Token));

        Assert.Equal(1, backlog.Count(PriorityQueues.Normal));
        Assert.NotNull(await backlog.TakeAsync(Start, Token));
    }

    [Fact]
    public async Task TakeAll_OfAFilledBacklog_EmptiesIt()
    {
        using var backlog = Filled(2, 3, 4);
        Assert.Equal(9, backlog.Close().Count);
        using var source = new CancellationTokenSource();
        var taking = backlog.TakeAsync(Start, source.Token);
        Assert.False(taking.IsCompleted);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taking);
    }

    private static Backlog Filled(int high, int normal, int low)
    {
        var backlog = new Backlog([(PriorityQueues.High, 6), (PriorityQueues.Normal, 3), (PriorityQueues.Low, 1)]);
        foreach (var (queue, count) in new[] { (PriorityQueues.High, high), (PriorityQueues.Normal, normal), (PriorityQueues.Low, low) })
        {
            for (var i = 0; i < count; i++)
                backlog.Add(
                    queue,
                    new HeldDelivery(new QueueDelivery(queue, $"{i:d4}", Time.GetUtcNow(), 1, default, ""), Time.GetUtcNow(), Queue, Time));
        }

        return backlog;
    }
}
