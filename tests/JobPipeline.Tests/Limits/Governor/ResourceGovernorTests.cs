using JobPipeline.Instances;
using JobPipeline.Limits.Governor;
using JobPipeline.Testing;
using JobPipeline.Tests.Rig;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace JobPipeline.Tests.Limits.Governor;

/// <summary>The slots that the governor gives to a host.</summary>
public sealed class ResourceGovernorTests
{
    private const long Limit = 1_000_000;

    private readonly VirtualTimeProvider _time = new();
    private readonly ScriptedProbe _probe = new(Limit);
    private int _collections;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void TryStart_WhileOpen_IsUnlimitedAndAllocatesNothing()
    {
        var governor = Governor();
        Measure(governor, 0.5);
        Assert.True(governor.TryStart());
        governor.End();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            governor.TryStart();
            governor.End();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(0, governor.Running);
    }

    [Fact]
    public async Task WaitForRoom_WhileEasing_EndsWhenAMessageEnds()
    {
        var governor = Governor();
        governor.TryStart();
        governor.TryStart();
        Measure(governor, 0.87);
        Assert.Equal((GovernorLevel.Easing, 1), (governor.State.Level, governor.State.Allowed));
        Assert.False(governor.TryStart());

        var waiting = governor.WaitForRoomAsync(Token);
        governor.End();
        Assert.False(waiting.IsCompleted);
        governor.End();
        await waiting;

        Assert.True(governor.TryStart());
        Assert.False(governor.TryStart());
    }

    [Fact]
    public async Task WaitForIntake_WhileClosed_EndsWhenMemoryFalls()
    {
        var governor = Governor();
        governor.TryStart();
        Measure(governor, 0.95);
        Assert.True(governor.IsIntakeClosed);
        var waiting = governor.WaitForIntakeAsync(Token);

        Measure(governor, 0.88);
        Assert.False(waiting.IsCompleted);
        Measure(governor, 0.80);

        Assert.True(await waiting);
        Assert.False(await governor.WaitForIntakeAsync(Token));
    }

    [Fact]
    public void TryStart_WhenClosedForAMinuteWithNothingRunning_AdmitsOneAndCollects()
    {
        var governor = Governor();
        for (var i = 0; i <= 60; i++)
            Measure(governor, 0.95);
        Assert.Equal(2, _collections);

        Assert.False(governor.IsIntakeClosed);
        Assert.True(governor.TryStart());
        Assert.False(governor.TryStart());
        Assert.True(governor.IsIntakeClosed);
        governor.End();
        Assert.False(governor.TryStart());

        for (var i = 0; i <= 60; i++)
            Measure(governor, 0.95);
        Assert.True(governor.TryStart());
    }

    [Fact]
    public async Task WaitForRoom_WhenCancelled_Throws()
    {
        var governor = Governor();
        Measure(governor, 0.95);
        using var source = new CancellationTokenSource();
        var waiting = governor.WaitForRoomAsync(source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public void DeclarableBytes_AfterASample_IsTheThresholdsShareOfWhatIsLeft()
    {
        var governor = Governor(new GovernorOptions { ReserveBytes = 100_000 });
        Assert.Null(governor.DeclarableBytes);
        Measure(governor, 0.2);
        Assert.Equal((long)(700_000 * 0.85), governor.DeclarableBytes);
    }

    [Fact]
    public void Describe_OfEachLevel_HasTheTarget()
    {
        var governor = Governor();
        Assert.Null(governor.Describe());
        var start = _time.GetUtcNow();
        Measure(governor, 0.5);
        Assert.Equal(new GovernorStatus(GovernorLevel.Open, start, null, 500_000, Limit), governor.Describe());
        governor.LimitTo(8);
        Assert.Equal(8, governor.Describe()!.Target);
        Measure(governor, 0.95);
        Assert.Equal((GovernorLevel.Closed, 0), (governor.Describe()!.Level, governor.Describe()!.Target));
        Assert.Null(Governor(new GovernorOptions { Enabled = false }).Describe());
    }

    private ResourceGovernor Governor(GovernorOptions? options = null) =>
        new(_probe, _time, Options.Create(options ?? new GovernorOptions()), NullLogger<ResourceGovernor>.Instance)
        {
            Collect = () => _collections++,
        };

    private void Measure(ResourceGovernor governor, double used)
    {
        _probe.Used = used;
        governor.Measure();
        _time.Advance(TimeSpan.FromSeconds(1));
    }
}
