using Microsoft.Extensions.Logging;

namespace JobPipeline.Limits.Circuits;

/// <summary>Event ids 1210-1219.</summary>
internal static partial class CircuitLog
{
    [LoggerMessage(
        1210,
        LogLevel.Error,
        "The circuit {Circuit} opened: too many attempts failed. Its jobs wait until {Until:u}, then one of them runs as a trial call")]
    public static partial void Opened(ILogger logger, string circuit, DateTimeOffset until);

    [LoggerMessage(1211, LogLevel.Information, "The circuit {Circuit} is half-open: one job runs as a trial call")]
    public static partial void HalfOpened(ILogger logger, string circuit);

    [LoggerMessage(1212, LogLevel.Information, "The circuit {Circuit} closed: its jobs run again")]
    public static partial void Closed(ILogger logger, string circuit);
}
