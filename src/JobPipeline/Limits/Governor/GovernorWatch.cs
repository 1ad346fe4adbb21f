using JobPipeline.Configuration;
using JobPipeline.Handlers;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Limits.Governor;

/// <summary>Measures at regular intervals, the first time before the host receives its first message.</summary>
internal sealed class GovernorWatch(ResourceGovernor governor, JobRegistry registry, TimeProvider time, ILogger<ResourceGovernor> logger)
    : BackgroundService
{
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (!governor.IsEnabled)
            return Task.CompletedTask;
        governor.Measure();
        if (governor.DeclarableBytes is { } budget)
        {
            foreach (var type in registry.All.Where(type => type.Memory?.Bytes > budget))
                GovernorLog.RunsAlone(logger, type.Type, type.Memory.ToString()!, new ByteSize(budget).ToString());
        }

        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(governor.Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                governor.Measure();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }
}
