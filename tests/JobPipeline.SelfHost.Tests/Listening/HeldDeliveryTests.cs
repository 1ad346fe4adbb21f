using JobPipeline.Jobs;
using JobPipeline.SelfHost.Listening;
using JobPipeline.Testing;

namespace JobPipeline.SelfHost.Tests.Listening;

public sealed class HeldDeliveryTests
{
    private const string Queue = PriorityQueues.Normal;
    private static readonly TimeSpan Visibility = TimeSpan.FromSeconds(60);

    private readonly VirtualTimeProvider _time = new();
    private readonly InMemoryQueue _queue;

    public HeldDeliveryTests() => _queue = new InMemoryQueue(_time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Renew_BeforeExpiry_KeepsTheMessageHidden()
    {
        using var held = await ReceiveAsync();
        _time.Advance(TimeSpan.FromSeconds(40));
        await held.RenewAsync(Visibility, Token);
        _time.Advance(TimeSpan.FromSeconds(40));
        Assert.False(_queue.HasVisible(Queue));
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.True(_queue.HasVisible(Queue));
    }

    [Fact]
    public async Task Acknowledge_AfterARenewal_UsesTheNewReceipt()
    {
        using var held = await ReceiveAsync();
        await held.RenewAsync(Visibility, Token);
        await held.AcknowledgeAsync(Token);
        Assert.Equal(0, _queue.Count(Queue));
    }

    [Fact]
    public async Task Renew_AfterItWasPutBack_LeavesItVisible()
    {
        using var held = await ReceiveAsync();
        await held.PutBackAsync(_time.GetUtcNow() - TimeSpan.FromDays(1), Token);
        await held.RenewAsync(Visibility, Token);
        Assert.True(_queue.HasVisible(Queue));
    }

    [Fact]
    public async Task Acknowledge_WhenAnotherReceiverHoldsIt_DoesNotDeleteIt()
    {
        using var held = await ReceiveAsync();
        _time.Advance(Visibility);
        using var other = await ReceiveAsync();
        await held.RenewAsync(Visibility, Token);
        await held.AcknowledgeAsync(Token);
        Assert.Equal(1, _queue.Count(Queue));
        await other.AcknowledgeAsync(Token);
        Assert.Equal(0, _queue.Count(Queue));
    }

    private async Task<HeldDelivery> ReceiveAsync()
    {
        if (_queue.Count(Queue) == 0)
            await _queue.SendAsync(Queue, "{}"u8.ToArray(), TimeSpan.Zero, Token);
        var delivery = Assert.Single(await _queue.ReceiveAsync(Queue, 32, Visibility, Token));
        return new HeldDelivery(delivery, _time.GetUtcNow() + Visibility, _queue, _time);
    }
}
