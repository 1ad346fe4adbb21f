using System.Reflection;
using JobPipeline.AzureStorage;
using JobPipeline.AzureStorage.Start;
using JobPipeline.BuiltIn;
using JobPipeline.Functions.Durable;
using JobPipeline.Functions.Http;
using JobPipeline.Functions.Queues;
using JobPipeline.Handlers;
using JobPipeline.Hosting;
using JobPipeline.Http;
using JobPipeline.Http.Requests;
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

/// <summary>Wires everything the Functions app consists of.</summary>
internal static class FunctionsServices
{
    /// <summary>What the Durable packages call their spans' source.</summary>
    private const string DurableSource = "Microsoft.DurableTask";

    public static IServiceCollection AddFunctionsApp(this IServiceCollection services, IConfiguration configuration, params Assembly[] jobAssemblies)
    {
        services.AddJobPipeline(configuration, [typeof(BuiltInServices).Assembly, .. jobAssemblies]);
        services.AddAzureStorage(configuration);
        services.AddBuiltInJobs(configuration);
        services.AddJobPipelineHttp(configuration);
        services.PostConfigure<ApiOptions>(options => options.PublicUrl = SiteAddress.Of(configuration, options.PublicUrl));
        services.AddSingleton<IRequestIdentity, FunctionsIdentity>();
        // The worker would read them all, whoever has sent them; FunctionsIdentity knows which to trust.
        services.PostConfigure<ForwardedHeadersOptions>(options =>
            options.ForwardedHeaders &=
                SiteAddress.IsOnAppService(configuration) ? ForwardedHeaders.XForwardedProto : ForwardedHeaders.None);
        // Only where telemetry is exported: with these defaults the worker sends no line of an invocation to the host's
        // console any more (azure-functions-dotnet-worker #3487, #3489). And first, since what is set below goes before them.
        if (TelemetryServices.IsExported(configuration))
            services.AddOpenTelemetry().UseFunctionsWorkerDefaults();
        services.AddPipelineTelemetry(configuration);
        // Its client passes a trace on to an orchestration only where somebody listens.
        services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddSource(DurableSource));
        services.AddInstanceUpkeep(FunctionsHost.Kind);
        services.AddHealthChecks().AddCheck<StorageHealthCheck>("storage");
        services.AddOptions<FunctionsHostOptions>()
            .Configure(options => options.FunctionTimeout = FunctionTimeoutSetting.Read(configuration, AppContext.BaseDirectory))
            .ValidateOnStart();
        // The registry is asked for late: it throws by itself where the pipeline's own settings are wrong.
        services.AddSingleton<IValidateOptions<FunctionsHostOptions>>(provider => new FunctionTimeoutValidator(provider.GetRequiredService<JobRegistry>));
        services.AddSingleton<FunctionTime>();
        services.AddSingleton<QueueDeliveryRunner>();
        services.AddWorkflowActivities();
        services.AddSingleton<DurableClients>();
        services.AddSingleton<IWorkflowRuntime, DurableWorkflows>();
        return services;
    }
}
