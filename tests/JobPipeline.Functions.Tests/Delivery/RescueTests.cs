using JobPipeline.Functions.StartUp;
using JobPipeline.Functions.Tests.Support;
using JobPipeline.Jobs;
using JobPipeline.Maintenance.Heartbeats;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace JobPipeline.Functions.Tests.Delivery;

/// <summary>The host hides a dead instance's message for ten minutes; its heartbeat row lists its in-flight jobs for the timer.</summary>
public sealed class RescueTests
{
    private static readonly TimeSpan SeveralBeats = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Maintenance_AfterAnInstanceDied_ResendsItsJobLongBeforeTheHost()
    {
        await using var rig = new FunctionsRig();
        await using var dying = rig.Dying();
        var id = await DieAsync(rig, dying);

        rig.Time.Advance(SeveralBeats);
        Assert.False(rig.Storage.Queue.HasVisible(PriorityQueues.Normal));
        await RunMaintenanceAsync(rig);

        Assert.True(rig.Storage.Queue.HasVisible(PriorityQueues.Normal));
        await rig.RunUntilIdleAsync();
        Assert.Equal(JobState.Succeeded, await rig.StateAsync(id));
        Assert.Equal(1, Assert.Single((await rig.RowsAsync(id)).Attempts).Deaths);
    }

    [Fact]
    public async Task Instance_OfTheApp_SendsHeartbeats()
    {
        await using var rig = new FunctionsRig();
        Assert.Contains(rig.Services.GetServices<IHostedService>(), service => service is HeartbeatService);
    }

    private static async Task<JobId> DieAsync(FunctionsRig rig, FunctionsRig dying)
    {
        dying.Script.Hangs();
        var id = await rig.EnqueueAsync();
        _ = await dying.Host.DeliverAndDieAsync(PriorityQueues.Normal);
        await dying.Services.GetRequiredService<InstanceHeartbeat>().WriteAsync(FunctionsHost.Kind, CancellationToken.None);
        return id;
    }

    private static Task RunMaintenanceAsync(FunctionsRig rig) =>
        ActivatorUtilities.CreateInstance<MaintenanceTrigger>(rig.Services)
            .RunAsync(new TimerInfo(), durable: null!, CancellationToken.None);
}
