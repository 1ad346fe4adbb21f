using JobPipeline.Configuration;
using JobPipeline.Maintenance.Gauges;
using Microsoft.Extensions.Hosting;

namespace JobPipeline.Maintenance.Heartbeats;

/// <summary>
/// This instance's sign of life. It is started before what takes messages and so stopped after it: the goodbye comes when
/// what was in hand has been given back.
/// </summary>
internal sealed class BeatService(InstanceBeat beat, HostKind kind, InstanceGauges gauges) : BackgroundService
{
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // Exporters have been started before.
        gauges.Begin(kind.Name);
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await beat.SayGoodbyeAsync(kind.Name, "the host was told to stop", cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => beat.KeepBeatingAsync(kind.Name, stoppingToken);
}
