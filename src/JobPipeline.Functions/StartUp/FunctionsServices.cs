using System.Reflection;
using JobPipeline.AzureStorage;
using JobPipeline.AzureStorage.Start;
using JobPipeline.BuiltIn;
using JobPipeline.Execution;
using JobPipeline.Functions.Durable;
using JobPipeline.Functions.Http;
using JobPipeline.Functions.Queues;
using JobPipeline.Handlers;
using JobPipeline.Hosting;
using JobPipeline.Http;
using JobPipeline.Http.Requests;
using JobPipeline.Limits.Governor;
using JobPipeline.Telemetry;
using JobPipeline.Workflows.Instances;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenTelemetry.Trace;

namespace JobPipeline.Functions.StartUp;

/// <summary>Registers all services of the Functions app.</summary>
internal static class FunctionsServices
{
    /// <summary>The activity source of the Durable packages.</summary>
    private const string DurableSource = "Microsoft.DurableTask";

    public static IServiceCollection AddFunctionsApp(
        this IServiceCollection services, IConfiguration configuration, params Assembly[] jobAssemblies)
    {
        services.AddJobPipeline(configuration, [typeof(BuiltInServices).Assembly, .. jobAssemblies]);
        services.AddAzureStorage(configuration);
        services.AddBuiltInJobs(configuration);
        services.AddJobPipelineHttp(configuration);
        services.PostConfigure<ApiOptions>(options => options.PublicUrl = SiteAddress.Of(configuration, options.PublicUrl));
        services.AddSingleton<IRequestIdentity, FunctionsIdentity>();
        // The worker would apply all forwarded headers from any sender; FunctionsIdentity knows which to trust.
        services.PostConfigure<ForwardedHeadersOptions>(options =>
            options.ForwardedHeaders &=
                SiteAddress.IsOnAppService(configuration) ? ForwardedHeaders.XForwardedProto : ForwardedHeaders.None);
        // Only if telemetry is exported: with these defaults the worker no longer sends log lines of an invocation to the host's
        // console (azure-functions-dotnet-worker #3487, #3489). Must come first, because the settings below override it.
        if (TelemetryServices.IsExported(configuration))
            services.AddOpenTelemetry().UseFunctionsWorkerDefaults();
        services.AddPipelineTelemetry(configuration);
        // The Durable client propagates a trace to an orchestration only if its activity source has a listener.
        services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddSource(DurableSource));
        services.AddInstanceUpkeep(FunctionsHost.Kind);
        services.AddHealthChecks().AddCheck<StorageHealthCheck>("storage");
        services.AddOptions<FunctionsHostOptions>()
            .Configure(options => options.FunctionTimeout = FunctionTimeoutSetting.Read(configuration, AppContext.BaseDirectory))
            .ValidateOnStart();
        // The registry is resolved late: it throws its own error if the pipeline's settings are not valid.
        services.AddSingleton<IValidateOptions<FunctionsHostOptions>>(
            provider => new FunctionTimeoutValidator(provider.GetRequiredService<JobRegistry>));
        services.AddSingleton<FunctionTime>();
        services.AddSingleton(provider => new FunctionSlots(
            provider.GetRequiredService<ResourceGovernor>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new QueueDeliveryRunner(
            provider.GetRequiredService<DeliveryExecutor>(),
            provider.GetRequiredService<JobRegistry>(),
            provider.GetRequiredService<FunctionTime>(),
            provider.GetRequiredService<FunctionSlots>(),
            provider.GetRequiredService<DurableClients>()));
        services.AddWorkflowActivities();
        services.AddPipelineOptions<DurableOptions>(configuration, DurableOptions.Section);
        services.AddSingleton<DurableClients>();
        services.AddSingleton<IWorkflowRuntime, DurableWorkflows>();
        return services;
    }
}
