using JobPipeline.Hosting;
using OpenTelemetry.Resources;

namespace JobPipeline.Telemetry;

/// <summary>Says whose telemetry it is.</summary>
internal static class TelemetryResource
{
    /// <summary>What OpenTelemetry's own variables say goes before what is configured here.</summary>
    public static void Describe(ResourceBuilder resource, TelemetryOptions options, JobPipelineOptions pipeline, WorkerIdentity worker)
    {
        resource.AddService(options.ServiceName, serviceVersion: pipeline.Release, autoGenerateServiceInstanceId: false, serviceInstanceId: worker.Name);
        if (options.Environment is { Length: > 0 } environment)
            resource.AddAttributes([new("deployment.environment.name", environment)]);
        resource.AddEnvironmentVariableDetector();
    }
}
