using Microsoft.Extensions.Logging;

namespace JobPipeline.Alerts;

/// <summary>Event ids 1700-1799. 1703 and 1704 are the audit trail.</summary>
internal static partial class AlertLog
{
    [LoggerMessage(1700, LogLevel.Warning, "Alert {Alert} is firing: {Value} {Operator} {Threshold}")]
    public static partial void Fires(ILogger logger, string alert, double? value, string @operator, double threshold);

    [LoggerMessage(1701, LogLevel.Information, "Alert {Alert} is resolved; it had been firing since {Since:O}")]
    public static partial void IsOver(ILogger logger, string alert, DateTimeOffset since);

    [LoggerMessage(
        1702,
        LogLevel.Warning,
        "Evaluating the alert rules or storing the alerts failed; the next evaluation is in {Interval}")]
    public static partial void RoundFailed(ILogger logger, Exception error, TimeSpan interval);

    [LoggerMessage(1703, LogLevel.Warning, "{Caller} silenced alert rule {Rule} until {Until:O}: {Reason}")]
    public static partial void Silenced(ILogger logger, string caller, string rule, DateTimeOffset until, string reason);

    [LoggerMessage(1704, LogLevel.Warning, "{Caller} ended the silence of alert rule {Rule}")]
    public static partial void Unsilenced(ILogger logger, string caller, string rule);

    [LoggerMessage(1705, LogLevel.Information, "Sending notification {Notification} of alert {Rule} to receiver {Receiver} as job {Job}")]
    public static partial void Notified(ILogger logger, string notification, string rule, string receiver, Jobs.JobId job);

    [LoggerMessage(1706, LogLevel.Error, "Notification {Notification} of alert {Rule} can't be sent to receiver {Receiver}")]
    public static partial void NotNotified(ILogger logger, Exception error, string notification, string rule, string receiver);

    [LoggerMessage(1707, LogLevel.Warning, "Reading a gauge failed; alert rules that use it have no value")]
    public static partial void GaugeFailed(ILogger logger, Exception error);

    [LoggerMessage(1708, LogLevel.Warning, "No receiver is configured for alert {Rule}; it is only logged and returned by the API")]
    public static partial void NoReceivers(ILogger logger, string rule);

    [LoggerMessage(1709, LogLevel.Information, "{Caller} sent test notifications to {Receivers}")]
    public static partial void Tested(ILogger logger, string caller, string receivers);
}
