using JobPipeline.Alerts;
using JobPipeline.Alerts.Evaluation;
using JobPipeline.Alerts.Notices;
using JobPipeline.Alerts.Rules;
using JobPipeline.Configuration;
using JobPipeline.Enqueueing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobPipeline.Hosting;

/// <summary>Registers alerts. Receivers are registered by the projects that deliver to them (<see cref="IAlertReceivers"/>).</summary>
public static class AlertServices
{
    /// <summary>Adds the evaluation of the alert rules to this process, unless <see cref="AlertOptions.Enabled"/> is false.</summary>
    public static IServiceCollection AddAlertMonitor(this IServiceCollection services)
    {
        services.TryAddSingleton<AlertMeasurements>();
        services.TryAddSingleton<LivingInstances>();
        services.TryAddSingleton<AlertWatch>();
        // Created lazily: a process that does not evaluate rules does not subscribe to the instruments.
        services.AddHostedService(provider => new AlertMonitor(
            new Lazy<AlertWatch>(provider.GetRequiredService<AlertWatch>),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IOptions<AlertOptions>>(),
            provider.GetRequiredService<ILogger<AlertMonitor>>()));
        return services;
    }

    internal static void AddAlerts(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddPipelineOptions<AlertOptions>(configuration, AlertOptions.Section);
        services.AddSingleton<IValidateOptions<AlertOptions>>(new AlertOptionsValidator(configuration.GetSection(AlertOptions.Section)));
        services.TryAddSingleton<AlertRules>();
        services.TryAddSingleton(provider => new AlertNotifications(
            provider.GetRequiredService<JobClient>(),
            provider.GetServices<IAlertReceivers>(),
            provider.GetRequiredService<WorkerIdentity>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IOptions<AlertOptions>>(),
            provider.GetRequiredService<ILogger<AlertNotifications>>()));
        services.TryAddSingleton<AlertSilences>();
        services.TryAddSingleton(provider => new AlertOverview(
            provider.GetRequiredService<AlertRules>(),
            provider.GetRequiredService<IAlertStore>(),
            () => provider.GetService<AlertWatch>()?.Current ?? [],
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IOptions<AlertOptions>>(),
            provider.GetService<HostKind>()));
    }
}
