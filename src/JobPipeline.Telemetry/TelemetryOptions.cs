using System.ComponentModel.DataAnnotations;

namespace JobPipeline.Telemetry;

/// <summary>
/// Settings of the telemetry export, in the configuration section <c>JobPipeline:Telemetry</c>. The destinations are set by the
/// standard variables <c>APPLICATIONINSIGHTS_CONNECTION_STRING</c> and <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>.
/// </summary>
public sealed class TelemetryOptions
{
    public const string Section = "JobPipeline:Telemetry";

    /// <summary>
    /// Gets or sets the ratio of traces to keep, 0 to 1, if the sender of a job has not decided. The default is 0.05. A failed
    /// attempt is always kept, whatever the decision; metrics and logs do not depend on it.
    /// </summary>
    [Range(0.0, 1.0)]
    public double TraceRatio { get; set; } = 0.05;

    /// <summary>
    /// Gets or sets the environment, such as <c>staging</c>, exported as <c>deployment.environment.name</c>. The default is none.
    /// </summary>
    [StringLength(60)]
    public string? Environment { get; set; }

    /// <summary>
    /// Gets or sets the service name, exported as <c>service.name</c>; <c>OTEL_SERVICE_NAME</c> takes precedence. The default is
    /// <c>jobpipeline</c>, or the name of the Functions app.
    /// </summary>
    [Required]
    [StringLength(60)]
    public string ServiceName { get; set; } = "jobpipeline";
}
