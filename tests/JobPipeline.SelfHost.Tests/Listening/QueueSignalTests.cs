using JobPipeline.SelfHost.Listening;
using JobPipeline.Testing;

namespace JobPipeline.SelfHost.Tests.Listening;

public sealed class QueueSignalTests
{
    private readonly VirtualTimeProvider _time = new();
    private readonly QueueSignal _signal;

    public QueueSignalTests() => _signal = new QueueSignal(_time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Wait_WithoutASignal_EndsAfterTheTimeout()
    {
        var waiting = _signal.WaitAsync(TimeSpan.FromSeconds(2), Token);
        _time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.False(await waiting);
    }

    [Fact]
    public async Task Wait_WhenAMessageIsSent_EndsAtOnce()
    {
        var waiting = _signal.WaitAsync(TimeSpan.FromSeconds(2), Token);
        _signal.WakeAt(_time.GetUtcNow());
        Assert.True(await waiting);
    }

    [Fact]
    public async Task Wait_WhenAMessageWasSentBefore_EndsAtOnceButOnlyOnce()
    {
        _signal.WakeAt(_time.GetUtcNow());
        Assert.True(await _signal.WaitAsync(TimeSpan.FromSeconds(2), Token));
        var again = _signal.WaitAsync(TimeSpan.FromSeconds(2), Token);
        Assert.False(again.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(await again);
    }

    [Fact]
    public async Task Wait_WhenAMessageBecomesVisible_EndsThen()
    {
        var waiting = _signal.WaitAsync(TimeSpan.FromSeconds(10), Token);
        _signal.WakeAt(_time.GetUtcNow() + TimeSpan.FromSeconds(7));
        _signal.WakeAt(_time.GetUtcNow() + TimeSpan.FromSeconds(3));
        // The waiter must observe the new due time before the clock advances.
        while (_time.NextDue is not { } due || due > _time.GetUtcNow() + TimeSpan.FromSeconds(3))
            await Task.Yield();
        _time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(await waiting);
    }

    [Fact]
    public async Task Wait_WhenCancelled_Throws()
    {
        using var source = new CancellationTokenSource();
        var waiting = _signal.WaitAsync(TimeSpan.FromSeconds(2), source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task Wait_AfterSeveralAnnouncements_EndsAtEachOfThem()
    {
        var start = _time.GetUtcNow();
        foreach (var seconds in new[] { 300, 10, 60 })
            _signal.WakeAt(start + TimeSpan.FromSeconds(seconds));

        foreach (var seconds in new[] { 10, 60, 300 })
        {
            _time.Advance(start + TimeSpan.FromSeconds(seconds - 1) - _time.GetUtcNow());
            var waiting = _signal.WaitAsync(TimeSpan.FromSeconds(8), Token);
            Assert.False(waiting.IsCompleted);
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.True(await waiting);
        }
    }

    [Fact]
    public async Task WakeAt_MoreOftenThanIsKept_DropsTheLatest()
    {
        var start = _time.GetUtcNow();
        for (var second = QueueSignal.MaxAnnounced + 5; second > 0; second--)
            _signal.WakeAt(start + TimeSpan.FromSeconds(second));

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await _signal.WaitAsync(TimeSpan.FromSeconds(8), Token));
        _time.Advance(TimeSpan.FromSeconds(QueueSignal.MaxAnnounced - 1));
        Assert.True(await _signal.WaitAsync(TimeSpan.FromSeconds(8), Token));
        var waiting = _signal.WaitAsync(TimeSpan.FromSeconds(4), Token);
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.False(await waiting);
    }
}
