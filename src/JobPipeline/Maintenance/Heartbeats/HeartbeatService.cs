using JobPipeline.Configuration;
using JobPipeline.Maintenance.Gauges;
using Microsoft.Extensions.Hosting;

namespace JobPipeline.Maintenance.Heartbeats;

/// <summary>
/// Writes the heartbeat of this instance. It is started before the services that receive messages, and therefore stopped after them:
/// the shutdown is recorded once all jobs in flight have been released.
/// </summary>
internal sealed class HeartbeatService(InstanceHeartbeat beat, HostKind kind, InstanceGauges gauges) : BackgroundService
{
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // The exporters have already been started.
        gauges.Begin(kind.Name);
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await beat.MarkStoppedAsync(kind.Name, "the host was shut down", cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => beat.KeepBeatingAsync(kind.Name, stoppingToken);
}
