using JobPipeline.Alerts.Evaluation;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Alerts;

/// <summary>Event ids 1700-1799. 1703 and 1704 are the audit trail: who did what; the log's own time says when.</summary>
internal static partial class AlertLog
{
    [LoggerMessage(1700, LogLevel.Warning, "Alert {Alert} fires: {Value} {Operator} {Threshold}")]
    public static partial void Fires(ILogger logger, string alert, double? value, string @operator, double threshold);

    [LoggerMessage(1701, LogLevel.Information, "Alert {Alert} is over; it began at {Since:O}")]
    public static partial void IsOver(ILogger logger, string alert, DateTimeOffset since);

    [LoggerMessage(1702, LogLevel.Warning, "The alerts could not be evaluated or their state could not be stored; the next time is in {Interval}")]
    public static partial void RoundFailed(ILogger logger, Exception error, TimeSpan interval);

    [LoggerMessage(1703, LogLevel.Warning, "{Caller} silenced alert {Rule} until {Until:O}: {Reason}")]
    public static partial void Silenced(ILogger logger, string caller, string rule, DateTimeOffset until, string reason);

    [LoggerMessage(1704, LogLevel.Warning, "{Caller} ended the silence of alert {Rule}")]
    public static partial void Unsilenced(ILogger logger, string caller, string rule);

    [LoggerMessage(1705, LogLevel.Information, "Notice {Notice} of alert {Rule} goes to receiver {Receiver} as job {Job}")]
    public static partial void Notified(ILogger logger, string notice, string rule, string receiver, Jobs.JobId job);

    [LoggerMessage(1706, LogLevel.Error, "Notice {Notice} of alert {Rule} can't go to receiver {Receiver}")]
    public static partial void NotNotified(ILogger logger, Exception error, string notice, string rule, string receiver);

    [LoggerMessage(1707, LogLevel.Warning, "A gauge could not be read; the rules that need it see no value")]
    public static partial void GaugeFailed(ILogger logger, Exception error);

    [LoggerMessage(1708, LogLevel.Warning, "There is nobody to tell: alert {Rule} is logged, and shown by the API, and no more")]
    public static partial void NoReceivers(ILogger logger, string rule);

    [LoggerMessage(1709, LogLevel.Information, "{Caller} sent test notices to {Receivers}")]
    public static partial void Tested(ILogger logger, string caller, string receivers);
}
