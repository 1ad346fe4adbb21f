namespace JobPipeline.Monitoring;

/// <summary>What to listen to: the names by which an OpenTelemetry SDK takes in what the pipeline tells.</summary>
public static class TelemetryNames
{
    /// <summary>The meter of all metrics.</summary>
    public const string Meter = "JobPipeline";

    /// <summary>The source of all spans.</summary>
    public const string Source = "JobPipeline";
}
