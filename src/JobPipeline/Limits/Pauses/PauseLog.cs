using Microsoft.Extensions.Logging;

namespace JobPipeline.Limits.Pauses;

/// <summary>Event ids 1200-1299. The first two are the audit trail: who did what; the log's own time says when.</summary>
internal static partial class PauseLog
{
    [LoggerMessage(1200, LogLevel.Warning, "{Caller} paused {Target} {Name}: {Reason}")]
    public static partial void Paused(ILogger logger, string caller, PauseTarget target, string name, string reason);

    [LoggerMessage(1201, LogLevel.Warning, "{Caller} resumed {Target} {Name}")]
    public static partial void Resumed(ILogger logger, string caller, PauseTarget target, string name);

    [LoggerMessage(1202, LogLevel.Information, "In force here: {Pauses}")]
    public static partial void InForce(ILogger logger, string pauses);

    [LoggerMessage(1203, LogLevel.Warning, "What is paused could not be read; what was known before stays in force")]
    public static partial void RefreshFailed(ILogger logger, Exception error);
}
