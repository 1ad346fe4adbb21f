using JobPipeline.Instances;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Maintenance.Heartbeats;

/// <summary>Event ids 1300-1399.</summary>
internal static partial class InstanceLog
{
    [LoggerMessage(1300, LogLevel.Warning, "The beat of this instance could not be written; after too many missed ones others take it for dead")]
    public static partial void BeatFailed(ILogger logger, Exception error);

    [LoggerMessage(1301, LogLevel.Information, "Instance {Name} says goodbye ({Reason}) with {InFlight} jobs left in hand")]
    public static partial void Goodbye(ILogger logger, string name, string reason, int inFlight);

    [LoggerMessage(1302, LogLevel.Warning, "The goodbye of this instance could not be written; others will take it for dead")]
    public static partial void GoodbyeFailed(ILogger logger, Exception error);
}
