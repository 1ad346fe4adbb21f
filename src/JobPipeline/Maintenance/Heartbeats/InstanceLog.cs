using Microsoft.Extensions.Logging;

namespace JobPipeline.Maintenance.Heartbeats;

/// <summary>Event ids 1300-1399.</summary>
internal static partial class InstanceLog
{
    [LoggerMessage(
        1300,
        LogLevel.Warning,
        "Writing the heartbeat of this instance failed; after too many missed heartbeats other instances consider it lost")]
    public static partial void BeatFailed(ILogger logger, Exception error);

    [LoggerMessage(1301, LogLevel.Information, "Instance {Name} shut down ({Reason}) with {InFlight} jobs still in flight")]
    public static partial void Stopped(ILogger logger, string name, string reason, int inFlight);

    [LoggerMessage(
        1302,
        LogLevel.Warning,
        "Recording the shutdown of this instance failed; other instances will consider it lost")]
    public static partial void MarkStoppedFailed(ILogger logger, Exception error);
}
