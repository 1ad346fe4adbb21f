using Microsoft.Extensions.Hosting;

namespace JobPipeline.Limits.Pauses;

/// <summary>Keeps this instance's pauses up to date. Reads them once before the host receives its first message.</summary>
internal sealed class PauseWatch(PauseRegistry pauses) : BackgroundService
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await pauses.TryRefreshAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => pauses.KeepFreshAsync(stoppingToken);
}
