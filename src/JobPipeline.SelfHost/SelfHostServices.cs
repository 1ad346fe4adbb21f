using System.Reflection;
using JobPipeline.AzureStorage;
using JobPipeline.AzureStorage.Start;
using JobPipeline.BuiltIn;
using JobPipeline.Configuration;
using JobPipeline.Enqueueing;
using JobPipeline.Hosting;
using JobPipeline.Http;
using JobPipeline.Http.Requests;
using JobPipeline.Jobs;
using JobPipeline.SelfHost.Http;
using JobPipeline.SelfHost.Listening;
using JobPipeline.SelfHost.Telemetry;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace JobPipeline.SelfHost;

/// <summary>Registers all services of the self-host.</summary>
internal static class SelfHostServices
{
    /// <summary>The time beyond the shutdown grace period for abandoning handlers, recording outcomes and closing connections.</summary>
    private static readonly TimeSpan ShutdownMargin = TimeSpan.FromSeconds(15);

    public static IServiceCollection AddSelfHost(this IServiceCollection services, IConfiguration configuration, Assembly[] jobAssemblies)
    {
        services.AddJobPipeline(configuration, jobAssemblies);
        services.AddAzureStorage(configuration);
        services.AddBuiltInJobs(configuration);
        services.AddJobPipelineHttp(configuration);
        services.AddPipelineOptions<HttpApiOptions>(configuration, HttpApiOptions.Section);
        services.AddSingleton<IValidateOptions<HttpApiOptions>, HttpApiOptionsValidator>();
        services.AddSingleton<IRequestIdentity, GateIdentity>();
        services.AddSelfHostTelemetry(configuration);
        services.AddInstanceUpkeep(SelfHostApplication.HostKind);
        services.AddHostedService<MaintenanceService>();
        services.AddAlertMonitor();
        services.AddListener(configuration);
        services.AddHealthChecks().AddCheck<StorageHealthCheck>("storage").AddCheck<ListenerHealthCheck>("listener");
        services.AddOptions<HostOptions>().Configure<IOptions<JobPipelineOptions>>((host, pipeline) =>
            host.ShutdownTimeout = pipeline.Value.ShutdownGrace + pipeline.Value.AbandonAfter + ShutdownMargin);
        return services;
    }

    private static void AddListener(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddPipelineOptions<QueueListenerOptions>(configuration, QueueListenerOptions.Section);
        services.AddSingleton<QueueSignals>();
        services.AddSingleton<VisibilityKeeper>();
        // Hosted services stop in reverse order: the workflows come to rest after the listeners that advance them.
        services.AddWorkflowsInMemory();
        services.AddHostedService<WorkflowRest>();
        services.AddSingleton<OwnDelivery>();
        services.AddSingleton<IOwnDelivery>(provider => provider.GetRequiredService<OwnDelivery>());
        services.AddSingleton<QueueListener>();
        services.AddHostedService(provider => provider.GetRequiredService<QueueListener>());
        services.AddHostedService<PoisonDrain>();
        services.AddHostedService<WorkflowListener>();

        // Sending a message in this process wakes its listener.
        var sender = services.Last(service => service.ServiceType == typeof(IJobQueue));
        services.Replace(ServiceDescriptor.Singleton<IJobQueue>(provider => new SignallingJobQueue(
            (IJobQueue)sender.ImplementationFactory!(provider),
            provider.GetRequiredService<QueueSignals>(),
            provider.GetRequiredService<TimeProvider>())));
    }
}
