using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Telemetry;

/// <summary>How the process uses its processor and memory, measured by Microsoft.Extensions.Diagnostics.ResourceMonitoring.</summary>
internal static class ResourceUsage
{
    /// <summary>
    /// Adds it where it works. It reads files of the operating system at its start, and where those are missing it would keep
    /// the host from starting: then a warning says that the two metrics are missing, and that is all.
    /// </summary>
    public static void AddResourceUsage(this IServiceCollection services)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsWindows())
            return;
        if (TryMeasure() is { } fault)
            services.AddHostedService(provider => new MissingNotice(provider.GetRequiredService<ILogger<MissingNotice>>(), fault));
        else
            services.AddResourceMonitoring();
    }

    /// <summary>Null: it works.</summary>
    private static Exception? TryMeasure()
    {
        try
        {
            var services = new ServiceCollection().AddLogging().AddMetrics();
            services.AddResourceMonitoring();
            using var trial = services.BuildServiceProvider();
            // They read what they need when they are made.
            return trial.GetServices<IHostedService>().Any() ? null : new NotSupportedException("Nothing is measured on this operating system.");
        }
        catch (Exception e)
        {
            return e;
        }
    }

    private sealed class MissingNotice(ILogger<MissingNotice> logger, Exception fault) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            TelemetryLog.NoResourceUsage(logger, fault);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
