using JobPipeline.Alerts.Notices;
using JobPipeline.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace JobPipeline.BuiltIn.Alerts;

/// <summary>Registers the services of the jobs that send alert notifications.</summary>
internal static class AlertReceiverServices
{
    public static IServiceCollection AddAlertReceivers(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddPipelineOptions<AlertReceiverOptions>(configuration, AlertReceiverOptions.Section);
        services.TryAddSingleton<ConfiguredReceivers>();
        services.AddSingleton<IAlertReceivers>(provider => provider.GetRequiredService<ConfiguredReceivers>());
        services.TryAddSingleton<MailTrust>();
        return services;
    }
}
