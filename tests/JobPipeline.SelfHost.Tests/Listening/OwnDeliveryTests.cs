using JobPipeline.Configuration;
using JobPipeline.Execution;
using JobPipeline.Jobs;
using JobPipeline.Limits.Pauses;
using JobPipeline.SelfHost.Listening;
using JobPipeline.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace JobPipeline.SelfHost.Tests.Listening;

public sealed class OwnDeliveryTests : IDisposable
{
    private const string Queue = PriorityQueues.Normal;

    private static readonly byte[] Body = "{}"u8.ToArray();

    private readonly VirtualTimeProvider _time = new();
    private readonly InMemoryQueue _queue;
    private readonly VisibilityKeeper _keeper;
    private readonly PauseRegistry _pauses;
    private readonly FakeSlots _slots = new();
    private readonly OwnDelivery _own;

    public OwnDeliveryTests()
    {
        _queue = new InMemoryQueue(_time);
        _keeper = new VisibilityKeeper(
            _queue, new WaitingMessages(), _time, Options.Create(new JobPipelineOptions()), NullLogger<VisibilityKeeper>.Instance);
        _pauses = new PauseRegistry(
            new InMemoryPauseStore(), _time, Options.Create(new PauseOptions()), NullLogger<PauseRegistry>.Instance);
        _own = new OwnDelivery(_queue, _keeper, _pauses, _time);
        _own.Open(_slots);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _keeper.Dispose();

    [Fact]
    public async Task TrySend_WithAFreeSlot_HidesTheMessageAndStartsItHere()
    {
        Assert.True(await TrySendAsync());

        Assert.Equal(Queue, Assert.Single(_slots.Added).Delivery.Queue);
        Assert.Empty(await ReceiveAsync());
        _time.Advance(_keeper.Visibility);
        Assert.Equal(1, Assert.Single(await ReceiveAsync()).DequeueCount);
    }

    [Fact]
    public async Task TrySend_WhileOlderMessagesMayWait_SendsNothing()
    {
        _slots.HasRoom = false;

        Assert.False(await TrySendAsync());

        Assert.Equal(0, _queue.Count(Queue));
    }

    [Fact]
    public async Task TrySend_ToAPausedQueue_SendsNothing()
    {
        await _pauses.PauseAsync(PauseTarget.Queue, Queue, "a test", "maintenance", Token);

        Assert.False(await TrySendAsync());

        Assert.Equal(0, _queue.Count(Queue));
    }

    [Fact]
    public async Task TrySend_OfManyMessages_UsesHalfOfTheSlots()
    {
        var sent = new List<bool>();
        for (var i = 0; i < _slots.Capacity; i++)
            sent.Add(await TrySendAsync());
        Assert.Equal(_slots.Capacity / 2, sent.Count(isSent => isSent));

        _keeper.Release(_slots.Added[0]);
        Assert.True(await TrySendAsync());
        Assert.False(await TrySendAsync());
    }

    [Fact]
    public async Task TrySend_WhenTheListenerStopsMeanwhile_MakesTheMessageVisible()
    {
        _slots.IsStopped = true;

        Assert.True(await TrySendAsync());

        Assert.Single(_slots.GivenBack);
        _own.Close();
        Assert.False(await TrySendAsync());
        Assert.Equal(1, _queue.Count(Queue));
    }

    private Task<bool> TrySendAsync() => _own.TrySendAsync(Queue, Body, Token);

    private Task<IReadOnlyList<QueueDelivery>> ReceiveAsync() => _queue.ReceiveAsync(Queue, 32, TimeSpan.FromMinutes(5), Token);

    private sealed class FakeSlots : IOwnSlots
    {
        public int Capacity => 8;

        public bool HasRoom { get; set; } = true;

        public bool IsStopped { get; set; }

        public List<HeldDelivery> Added { get; } = [];

        public List<HeldDelivery> GivenBack { get; } = [];

        public bool HasRoomFor(string queue, TimeSpan recent) => HasRoom;

        public bool TryAdd(HeldDelivery held)
        {
            if (!IsStopped)
                Added.Add(held);
            return !IsStopped;
        }

        public Task GiveBackAsync(HeldDelivery held)
        {
            GivenBack.Add(held);
            return Task.CompletedTask;
        }
    }
}
