using JobPipeline.Hosting;
using JobPipeline.Http.Alerts;
using JobPipeline.Http.Failures;
using JobPipeline.Http.Instances;
using JobPipeline.Http.JobTypes;
using JobPipeline.Http.Jobs;
using JobPipeline.Http.Limits;
using JobPipeline.Http.OpenApi;
using JobPipeline.Http.Queues;
using JobPipeline.Http.Workflows;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace JobPipeline.Http;

/// <summary>Registers the API's endpoints; each host maps them to its own routes. Settings: <see cref="ApiOptions"/>.</summary>
public static class HttpApiServices
{
    public static IServiceCollection AddJobPipelineHttp(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddPipelineOptions<ApiOptions>(configuration, ApiOptions.Section);
        services.AddSingleton<IValidateOptions<ApiOptions>, ApiOptionsValidator>();
        services.TryAddSingleton<ApiAddress>();
        services.AddHealthChecks().AddCheck<GovernorHealthCheck>("resources");
        services.TryAddSingleton(provider => new ApiEndpoints(provider));
        services.TryAddSingleton<JobEndpoints>();
        services.TryAddSingleton<JobListEndpoints>();
        services.TryAddSingleton<BatchEndpoints>();
        services.TryAddSingleton<DeadLetterEndpoints>();
        services.TryAddSingleton<ReplayEndpoints>();
        services.TryAddSingleton<ErrorEndpoints>();
        services.TryAddSingleton<AlertEndpoints>();
        services.TryAddSingleton<ApiDocument>();
        services.TryAddSingleton<OpenApiEndpoints>();
        services.TryAddSingleton<CircuitEndpoints>();
        services.TryAddSingleton<LimitEndpoints>();
        services.TryAddSingleton<InstanceEndpoints>();
        services.TryAddSingleton<QueueEndpoints>();
        services.TryAddSingleton<JobTypeEndpoints>();
        services.TryAddSingleton<HealthEndpoints>();
        services.TryAddSingleton<WorkflowStartEndpoints>();
        services.TryAddSingleton<WorkflowEndpoints>();
        services.TryAddSingleton<WorkflowControlEndpoints>();
        return services;
    }
}
