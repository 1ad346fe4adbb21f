using JobPipeline.Http.DeadLetters;
using JobPipeline.Http.Health;
using JobPipeline.Http.Jobs;
using JobPipeline.Http.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

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
        services.TryAddSingleton<ApiDocument>();
        services.TryAddSingleton<OpenApiEndpoints>();
        services.TryAddSingleton<HealthEndpoints>();
        return services;
    }
}
