using JobPipeline.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Resources;

namespace JobPipeline.Telemetry;

/// <summary>Says whose telemetry it is.</summary>
/// <param name="Service">Its name.</param>
/// <param name="Release">Its release.</param>
/// <param name="Environment">Where it runs; null: that is not told.</param>
internal sealed record TelemetryResource(string Service, string Release, string? Environment)
{
    public static TelemetryResource Of(IConfiguration configuration)
    {
        var section = configuration.GetSection(TelemetryOptions.Section);
        return new TelemetryResource(
            // Of a Functions app the platform's name: its host tells of itself by that.
            section[nameof(TelemetryOptions.ServiceName)] is { Length: > 0 } name ? name : configuration["WEBSITE_SITE_NAME"] is { Length: > 0 } site ? site : new TelemetryOptions().ServiceName,
            configuration[$"{JobPipelineOptions.Section}:{nameof(JobPipelineOptions.Release)}"] is { Length: > 0 } release ? release : new JobPipelineOptions().Release,
            section[nameof(TelemetryOptions.Environment)] is { Length: > 0 } environment ? environment : null);
    }

    /// <summary>What OpenTelemetry's own variables say goes before what is configured here.</summary>
    public void Describe(ResourceBuilder resource, IServiceProvider services)
    {
        resource.AddService(Service, serviceVersion: Release, autoGenerateServiceInstanceId: false, serviceInstanceId: services.GetRequiredService<WorkerIdentity>().Name);
        if (Environment is not null)
            resource.AddAttributes([new("deployment.environment.name", Environment)]);
        resource.AddEnvironmentVariableDetector();
    }
}
