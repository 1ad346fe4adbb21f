using JobPipeline.Limits;

namespace JobPipeline.SelfHost.Upkeep;

/// <summary>Keeps what this instance knows of pauses fresh. It looks once before the listener starts.</summary>
internal sealed class PauseWatch(Pauses pauses) : BackgroundService
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await pauses.TryRefreshAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => pauses.KeepFreshAsync(stoppingToken);
}
