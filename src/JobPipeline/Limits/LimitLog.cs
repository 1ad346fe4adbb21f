using JobPipeline.Jobs;
using JobPipeline.Limits.Meters;
using JobPipeline.Limits.Rules;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Limits;

/// <summary>Event ids 1250-1269. Those from 1251 to 1254 and 1257 form the audit trail: who did what.</summary>
internal static partial class LimitLog
{
    [LoggerMessage(1250, LogLevel.Warning, "A release turn of {Gate} failed; the due index brings it back")]
    public static partial void TurnFailed(ILogger logger, Exception error, GateId gate);

    [LoggerMessage(1251, LogLevel.Warning, "{Caller} changed {Gate} to {Rule}: {Reason}")]
    public static partial void Changed(ILogger logger, string caller, GateId gate, LimitRule rule, string reason);

    [LoggerMessage(1252, LogLevel.Warning, "{Caller} reset {Gate} to its configured rule")]
    public static partial void Reset(ILogger logger, string caller, GateId gate);

    [LoggerMessage(1253, LogLevel.Warning, "{Caller} closed {Gate}: {Reason}")]
    public static partial void Closed(ILogger logger, string caller, GateId gate, string reason);

    [LoggerMessage(1254, LogLevel.Warning, "{Caller} opened {Gate}")]
    public static partial void Opened(ILogger logger, string caller, GateId gate);

    [LoggerMessage(
        1256, LogLevel.Warning, "Sending the message of parked job {JobId}, which was cancelled, failed; it ends when its turn comes")]
    public static partial void WakeFailed(ILogger logger, Exception error, JobId jobId);

    [LoggerMessage(1257, LogLevel.Warning, "{Caller} made job {JobId} run now, whatever its limits and pauses: {Reason}")]
    public static partial void Expedited(ILogger logger, string caller, JobId jobId, string reason);

    [LoggerMessage(1255, LogLevel.Warning, "{Gate} is closed until {Until:u}, as the service behind it asked: {Reason}")]
    public static partial void HeldBack(ILogger logger, GateId gate, DateTimeOffset until, string reason);

    [LoggerMessage(1258, LogLevel.Warning, "Limit '{Limit}' was not closed on other instances, although {Reason}")]
    public static partial void HoldFailed(ILogger logger, Exception error, string limit, string reason);
}
