using JobPipeline.Functions.StartUp;
using JobPipeline.Functions.Tests.Support;
using JobPipeline.Jobs;
using JobPipeline.Maintenance.Gauges;
using JobPipeline.Maintenance.Heartbeats;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Functions.Tests.Monitoring;

/// <summary>The heartbeat of the timer, whose absence raises an alert, and the detection of lost instances by the timer.</summary>
public sealed class WatchdogTests : IAsyncDisposable
{
    private const string Heartbeat = "jobpipeline.heartbeat";
    private const string Lost = "jobpipeline.instances.lost";

    private static readonly TimeSpan SeveralBeats = TimeSpan.FromMinutes(2);

    private readonly FunctionsRig _rig = new();

    [Fact]
    public async Task Timer_OnEachRun_WritesAHeartbeatAndMeasures()
    {
        _rig.Services.GetRequiredService<InstanceGauges>().Begin(FunctionsHost.Kind);
        Assert.Equal([0d], Values(Heartbeat));

        await RunMaintenanceAsync();
        _rig.Time.Advance(SeveralBeats);
        await RunMaintenanceAsync();

        Assert.Equal([2d], Values(Heartbeat));
        Assert.All(_rig.Meters.Now(Heartbeat), beat => Assert.Equal(FunctionsHost.Kind, beat["jobpipeline.instance.kind"]));
        Assert.Equal(3, _rig.Meters.Now("jobpipeline.queue.depth").Count);
    }

    [Fact]
    public async Task Instance_WithoutHeartbeats_IsCountedOnce()
    {
        await using var dying = _rig.Dying();
        await BeatOf(dying).WriteAsync(FunctionsHost.Kind, CancellationToken.None);
        await RunMaintenanceAsync();
        Assert.Empty(Values(Lost));

        _rig.Time.Advance(SeveralBeats);
        await RunMaintenanceAsync();
        _rig.Time.Advance(SeveralBeats);
        await RunMaintenanceAsync();

        Assert.Equal([1d], Values(Lost));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Instance_ScaledIn_RaisesNoAlertEvenIfItLeftAJob(bool leavesAJob)
    {
        await using var leaving = _rig.Dying();
        if (leavesAJob)
        {
            leaving.Script.Hangs();
            await _rig.EnqueueAsync();
            _ = await leaving.Host.DeliverAndDieAsync(PriorityQueues.Normal);
        }

        await BeatOf(leaving).MarkStoppedAsync(FunctionsHost.Kind, "the host was told to stop", CancellationToken.None);
        _rig.Time.Advance(SeveralBeats);
        await RunMaintenanceAsync();

        Assert.Empty(Values(Lost));
        Assert.Equal(leavesAJob ? 1 : 0, _rig.Meters.Of("jobpipeline.jobs.rescued").Sum(measured => measured.Value));
    }

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    private static InstanceHeartbeat BeatOf(FunctionsRig rig) => rig.Services.GetRequiredService<InstanceHeartbeat>();

    private IEnumerable<double> Values(string counter) => _rig.Meters.Now(counter).Select(measured => measured.Value);

    private Task RunMaintenanceAsync() =>
        ActivatorUtilities.CreateInstance<MaintenanceTrigger>(_rig.Services)
            .RunAsync(new TimerInfo(), durable: null!, CancellationToken.None);
}
