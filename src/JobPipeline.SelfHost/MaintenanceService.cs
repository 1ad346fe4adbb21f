using System.Security.Cryptography;
using JobPipeline.Maintenance;
using Microsoft.Extensions.Options;

namespace JobPipeline.SelfHost;

/// <summary>Runs the maintenance at regular intervals, varied by up to 10 percent so that instances started together spread out.</summary>
internal sealed class MaintenanceService(
    MaintenanceRunner housekeeping, TimeProvider time, IOptions<MaintenanceOptions> options) : BackgroundService
{
    private const int JitterPercent = 10;
    private static readonly TimeSpan PauseBetweenRuns = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                var report = await housekeeping.RunAsync(time.GetUtcNow(), stoppingToken);
                await Task.Delay(report.HasMore ? PauseBetweenRuns : Jittered(options.Value.RescueInterval), time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Deletions are permanent, and the next run continues from there.
            return;
        }
    }

    private static TimeSpan Jittered(TimeSpan interval) =>
        interval * ((100 + RandomNumberGenerator.GetInt32(-JitterPercent, JitterPercent + 1)) / 100.0);
}
