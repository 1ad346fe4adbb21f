using Microsoft.Extensions.Logging;

namespace JobPipeline.Limits.Pauses;

/// <summary>Event ids 1200-1299. The first two form the audit trail: who did what; the timestamp is that of the log record.</summary>
internal static partial class PauseLog
{
    [LoggerMessage(1200, LogLevel.Warning, "{Caller} paused {Target} {Name}: {Reason}")]
    public static partial void Paused(ILogger logger, string caller, PauseTarget target, string name, string reason);

    [LoggerMessage(1201, LogLevel.Warning, "{Caller} resumed {Target} {Name}")]
    public static partial void Resumed(ILogger logger, string caller, PauseTarget target, string name);

    [LoggerMessage(1202, LogLevel.Information, "Pauses now in force on this instance: {Pauses}")]
    public static partial void InForce(ILogger logger, string pauses);

    [LoggerMessage(1203, LogLevel.Warning, "Reading the pauses failed; the last known pauses stay in force")]
    public static partial void RefreshFailed(ILogger logger, Exception error);
}
