using JobPipeline.Limits.Meters;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Limits;

/// <summary>Event ids 1250-1259.</summary>
internal static partial class LimitLog
{
    [LoggerMessage(1250, LogLevel.Warning, "A release turn of {Gate} failed; the due index brings it back")]
    public static partial void TurnFailed(ILogger logger, Exception error, GateId gate);
}
