using Microsoft.Extensions.Logging;

namespace JobPipeline.Telemetry;

/// <summary>Log messages of the telemetry set-up. Event ids 1800-1899.</summary>
internal static partial class TelemetryLog
{
    [LoggerMessage(1800, LogLevel.Warning, "CPU and memory usage can't be measured on this machine; their metrics and alerts are missing")]
    public static partial void NoResourceUsage(ILogger logger, Exception error);
}
