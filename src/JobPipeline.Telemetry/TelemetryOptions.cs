using System.ComponentModel.DataAnnotations;

namespace JobPipeline.Telemetry;

/// <summary>
/// Settings of what is exported: configuration section <c>JobPipeline:Telemetry</c>. Where it is exported to is said by the
/// settings that every tool knows: <c>APPLICATIONINSIGHTS_CONNECTION_STRING</c> and <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>.
/// </summary>
public sealed class TelemetryOptions
{
    public const string Section = "JobPipeline:Telemetry";

    /// <summary>
    /// The share of traces that are kept, 0 to 1, where the sender of a job has not decided. Default 0.05. An attempt that
    /// fails is kept always, whatever was decided; metrics and logs do not depend on it.
    /// </summary>
    [Range(0.0, 1.0)]
    public double TraceRatio { get; set; } = 0.05;

    /// <summary>What tells environments apart, as <c>deployment.environment.name</c>: such as <c>staging</c>. Default: none.</summary>
    [StringLength(60)]
    public string? Environment { get; set; }

    /// <summary>The name of the service, as <c>service.name</c>; <c>OTEL_SERVICE_NAME</c> goes before it. Default <c>jobpipeline</c>; of a Functions app its own name.</summary>
    [Required]
    [StringLength(60)]
    public string ServiceName { get; set; } = "jobpipeline";
}
