using JobPipeline.Instances;
using JobPipeline.Jobs;
using JobPipeline.Limits.Governor;
using JobPipeline.SelfHost.Listening;
using JobPipeline.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace JobPipeline.SelfHost.Tests.Listening;

/// <summary>How many messages are processed at a time.</summary>
public sealed class RunningDeliveriesTests : IDisposable
{
    private const int Capacity = 4;

    private readonly VirtualTimeProvider _time = new();
    private readonly Probe _probe = new();
    private readonly ResourceGovernor _governor;
    private readonly Backlog _backlog = new([(PriorityQueues.Normal, 1)]);
    private readonly RunningDeliveries _running;
    private readonly SemaphoreSlim _ends = new(0);

    public RunningDeliveriesTests()
    {
        _governor = new ResourceGovernor(
            _probe, _time, Options.Create(new GovernorOptions()), NullLogger<ResourceGovernor>.Instance) { Collect = static () => { } };
        _running = new RunningDeliveries(Capacity, _governor);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _running.Dispose();
        _backlog.Dispose();
        _ends.Dispose();
    }

    [Fact]
    public async Task StartNext_WhileOpen_IsLimitedByTheSlotsAlone()
    {
        Add(Capacity + 1);
        for (var i = 0; i < Capacity; i++)
            await NextAsync();

        var next = NextAsync();
        Assert.False(next.IsCompleted);
        _ends.Release();
        await next;
        Assert.Equal(Capacity, _governor.Running);
        await EndAllAsync(Capacity);
    }

    [Fact]
    public async Task StartNext_WhileEasing_FollowsTheTarget()
    {
        Add(Capacity);
        await NextAsync();
        await NextAsync();
        await NextAsync();
        Measure(0.87);
        Assert.Equal(2, _governor.State.Allowed);

        var next = NextAsync();
        _ends.Release();
        await Eventually.TrueAsync(() => _governor.Running == 2, "one message has ended");
        Assert.False(next.IsCompleted);
        _ends.Release();
        await next;
        Assert.Equal(2, _governor.Running);
        await EndAllAsync(2);
    }

    [Fact]
    public async Task StartNext_WhenMemoryBecomesShortBeforeAMessageArrives_LeavesItInTheBacklog()
    {
        var next = NextAsync();
        Measure(0.95);
        Add(1);
        Assert.False(next.IsCompleted);
        Assert.Equal((1, 0), (_backlog.Count(PriorityQueues.Normal), _governor.Running));

        Measure(0.5);
        await next;
        Assert.Equal((0, 1), (_backlog.Count(PriorityQueues.Normal), _governor.Running));
        await EndAllAsync(1);
    }

    [Fact]
    public async Task StartNext_WhenClosedForAMinute_StartsOne()
    {
        Add(2);
        Measure(0.95);
        var next = NextAsync();
        for (var i = 0; i < 60; i++)
            Measure(0.95);
        await next;
        Assert.True(_governor.IsIntakeClosed);
        Assert.Equal(1, _backlog.Count(PriorityQueues.Normal));
        await EndAllAsync(1);
    }

    [Fact]
    public async Task StartNext_WhenCancelledWhileClosed_ReleasesTheSlot()
    {
        Measure(0.95);
        using var source = new CancellationTokenSource();
        var next = _running.StartNextAsync(WorkAsync, _backlog, source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);

        while (_governor.State.Level != GovernorLevel.Open)
            Measure(0.5);
        Add(Capacity);
        for (var i = 0; i < Capacity; i++)
            await NextAsync();
        await EndAllAsync(Capacity);
    }

    private void Add(int count)
    {
        var queue = new InMemoryQueue(_time);
        for (var i = 0; i < count; i++)
        {
            var delivery = new QueueDelivery(PriorityQueues.Normal, $"m{i}", _time.GetUtcNow(), 1, "{}"u8.ToArray(), "receipt");
            _backlog.Add(PriorityQueues.Normal, new HeldDelivery(delivery, _time.GetUtcNow(), queue, _time));
        }
    }

    private Task NextAsync() => _running.StartNextAsync(WorkAsync, _backlog, Token);

    private async Task WorkAsync(HeldDelivery held)
    {
        await _ends.WaitAsync(CancellationToken.None);
        held.Dispose();
    }

    private async Task EndAllAsync(int count)
    {
        _ends.Release(count);
        Assert.True(await _running.WaitForAllAsync(TimeSpan.FromMinutes(1), TimeProvider.System));
        await Eventually.TrueAsync(() => _governor.Running == 0, "all slots are free");
    }

    private void Measure(double used)
    {
        _probe.Used = used;
        _governor.Measure();
        _time.Advance(TimeSpan.FromSeconds(1));
    }

    private sealed class Probe : IResourceProbe
    {
        public double Used { get; set; }

        public ResourceSample? Sample() => new ResourceSample((long)(Used * 1_000_000), 1_000_000);
    }
}
