using JobPipeline.Http.Circuits;
using JobPipeline.Http.DeadLetters;
using JobPipeline.Http.Errors;
using JobPipeline.Http.Health;
using JobPipeline.Http.JobTypes;
using JobPipeline.Http.Jobs;
using JobPipeline.Http.OpenApi;
using JobPipeline.Http.Queues;
using JobPipeline.Http.Workflows;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Http;

/// <summary>Wires the API's methods; each host maps them to its own routes.</summary>
public static class HttpApiServices
{
    public static IServiceCollection AddJobPipelineHttp(this IServiceCollection services)
    {
        services.AddHealthChecks();
        services.TryAddSingleton<JobEndpoints>();
        services.TryAddSingleton<JobListEndpoints>();
        services.TryAddSingleton<BatchEndpoints>();
        services.TryAddSingleton<DeadLetterEndpoints>();
        services.TryAddSingleton<ReplayEndpoints>();
        services.TryAddSingleton<ErrorEndpoints>();
        services.TryAddSingleton<ApiDocument>();
        services.TryAddSingleton<OpenApiEndpoints>();
        services.TryAddSingleton<CircuitEndpoints>();
        services.TryAddSingleton<QueueEndpoints>();
        services.TryAddSingleton<JobTypeEndpoints>();
        services.TryAddSingleton<HealthEndpoints>();
        services.TryAddSingleton<WorkflowStartEndpoints>();
        services.TryAddSingleton<WorkflowEndpoints>();
        services.TryAddSingleton<WorkflowControlEndpoints>();
        return services;
    }
}
