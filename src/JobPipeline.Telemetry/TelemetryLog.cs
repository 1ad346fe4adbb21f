using Microsoft.Extensions.Logging;

namespace JobPipeline.Telemetry;

/// <summary>Event ids 1800-1899.</summary>
internal static partial class TelemetryLog
{
    [LoggerMessage(1800, LogLevel.Warning, "The use of processor and memory can't be measured here: their metrics and alerts are missing")]
    public static partial void NoResourceUsage(ILogger logger, Exception error);
}
