using JobPipeline.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Resources;

namespace JobPipeline.Telemetry;

/// <summary>The resource that the telemetry describes.</summary>
/// <param name="Service">The name of the service.</param>
/// <param name="Release">The release of the service.</param>
/// <param name="Environment">The deployment environment; null if not set.</param>
internal sealed record TelemetryResource(string Service, string Release, string? Environment)
{
    public static TelemetryResource Of(IConfiguration configuration)
    {
        var section = configuration.GetSection(TelemetryOptions.Section);
        return new TelemetryResource(
            // For a Functions app, the platform's name, which its host also uses.
            section[nameof(TelemetryOptions.ServiceName)] is { Length: > 0 } name
                ? name
                : configuration["WEBSITE_SITE_NAME"] is { Length: > 0 } site
                    ? site
                    : new TelemetryOptions().ServiceName,
            configuration[$"{JobPipelineOptions.Section}:{nameof(JobPipelineOptions.Release)}"] is { Length: > 0 } release
                ? release
                : new JobPipelineOptions().Release,
            section[nameof(TelemetryOptions.Environment)] is { Length: > 0 } environment ? environment : null);
    }

    /// <summary>Adds the attributes to the resource; OpenTelemetry's own variables take precedence over the configuration.</summary>
    public void Describe(ResourceBuilder resource, IServiceProvider services)
    {
        resource.AddService(
            Service,
            serviceVersion: Release,
            autoGenerateServiceInstanceId: false,
            serviceInstanceId: services.GetRequiredService<WorkerIdentity>().Name);
        if (Environment is not null)
            resource.AddAttributes([new("deployment.environment.name", Environment)]);
        resource.AddEnvironmentVariableDetector();
    }
}
