using JobPipeline.Hosting;
using JobPipeline.Monitoring.Gauges;
using Microsoft.Extensions.Hosting;

namespace JobPipeline.Monitoring;

/// <summary>
/// This instance's sign of life. It is started before what takes messages and so stopped after it: the goodbye comes when
/// what was in hand has been given back.
/// </summary>
internal sealed class BeatService(InstanceBeat beat, HostKind kind, InstanceGauges gauges) : BackgroundService
{
    /// <summary>Measured from the start on: nothing else asks for them.</summary>
    private readonly InstanceGauges _gauges = gauges;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await beat.SayGoodbyeAsync(kind.Name, "the host was told to stop", cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => beat.KeepBeatingAsync(kind.Name, stoppingToken);
}
