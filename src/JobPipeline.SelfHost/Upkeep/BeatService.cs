using JobPipeline.Monitoring;

namespace JobPipeline.SelfHost.Upkeep;

/// <summary>
/// This instance's sign of life. It is started before the listener and so stopped after it: the goodbye comes when what was
/// in hand has been given back.
/// </summary>
internal sealed class BeatService(InstanceBeat beat) : BackgroundService
{
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await beat.SayGoodbyeAsync(SelfHostApplication.HostKind, "the host was told to stop", cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => beat.KeepBeatingAsync(SelfHostApplication.HostKind, stoppingToken);
}
