using System.Globalization;
using JobPipeline.Alerts.Notices;
using MimeKit;
using MimeKit.Text;

namespace JobPipeline.BuiltIn.Alerts;

/// <summary>Formats an alert notification as a short plain-text mail that starts with the action to take.</summary>
internal static class AlertMail
{
    private static readonly string[] Severities = ["critical", "error", "warning", "informational", "verbose"];

    /// <param name="notice">The notification.</param>
    /// <param name="email">The receiver.</param>
    public static MimeMessage Of(AlertNotification notice, AlertEmailOptions email)
    {
        var from = MailboxAddress.Parse(email.From!);
        var mail = new MimeMessage
        {
            Subject = SubjectOf(notice),
            Date = notice.At,
            // A mailbox that receives the mail twice shows it once.
            MessageId = $"{notice.Id}@{from.Domain}",
            Body = new TextPart(TextFormat.Plain) { Text = TextOf(notice) },
        };
        mail.From.Add(from);
        mail.To.AddRange(email.To.Select(MailboxAddress.Parse));
        // Suppresses automatic replies (RFC 3834).
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        return mail;
    }

    private static string SubjectOf(AlertNotification notice) => notice.Kind switch
    {
        AlertNotificationKind.Firing => $"[{Severities[notice.Severity]}] {notice.Title}{Which(notice)}",
        AlertNotificationKind.Resolved => $"[resolved] {notice.Title}{Which(notice)}",
        _ => $"[test] {notice.Title}",
    };

    private static string TextOf(AlertNotification notice) => notice.Kind switch
    {
        AlertNotificationKind.Test => $"""
            Nothing happened. This is a test notification.
            Documentation of alerts: {notice.Runbook}

            {Facts(notice, "Requested")}
            """,
        AlertNotificationKind.Resolved => $"""
            The alert is resolved. No action is required.

            {Facts(notice, "Resolved")}
            """,
        _ => $"""
            What to do: {notice.Runbook}

            {Facts(notice, "Notified")}
            """,
    };

    private static string Facts(AlertNotification notice, string timeLabel) => notice.Kind == AlertNotificationKind.Test
        ? $"{timeLabel}: {Time(notice.At)}\nInstance: {notice.Instance}"
        : $"""
            Alert:     {notice.Rule}{Which(notice)}
            Value:     {Number(notice.Value)} (alerts when {notice.Operator} {Number(notice.Threshold)})
            Metric:    {notice.Metric}, over {notice.Window:c}
            Started:   {Time(notice.Since)}
            {timeLabel + ":",-10} {Time(notice.At)}
            Instance:  {notice.Instance}
            """;

    private static string Which(AlertNotification notice) => notice.AttributeValue is null ? "" : $" ({notice.AttributeValue})";

    private static string Number(double? value) => value?.ToString("0.####", CultureInfo.InvariantCulture) ?? "no measurement";

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
