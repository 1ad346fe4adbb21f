using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Telemetry;

/// <summary>The CPU and memory usage of the process, measured by Microsoft.Extensions.Diagnostics.ResourceMonitoring.</summary>
internal static class ResourceUsage
{
    /// <summary>
    /// Adds the measurement if it works. It reads operating system files at start, and without them it would prevent the host from
    /// starting; in that case, a warning states that the two metrics are missing.
    /// </summary>
    public static void AddResourceUsage(this IServiceCollection services)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsWindows())
            return;
        if (TryMeasure() is { } error)
        {
            services.AddHostedService(
                provider => new MissingUsageWarning(provider.GetRequiredService<ILogger<MissingUsageWarning>>(), error));
        }
        else
            services.AddResourceMonitoring();
    }

    /// <summary>Tries the measurement. Returns the error, or null if it works.</summary>
    private static Exception? TryMeasure()
    {
        try
        {
            var services = new ServiceCollection().AddLogging().AddMetrics();
            services.AddResourceMonitoring();
            using var trial = services.BuildServiceProvider();
            // The services read what they need when they are created.
            return trial.GetServices<IHostedService>().Any()
                ? null
                : new NotSupportedException("Resource monitoring does not support this operating system.");
        }
        catch (Exception e)
        {
            return e;
        }
    }

    private sealed class MissingUsageWarning(ILogger<MissingUsageWarning> logger, Exception error) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            TelemetryLog.NoResourceUsage(logger, error);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
