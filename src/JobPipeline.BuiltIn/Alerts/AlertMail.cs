using System.Globalization;
using JobPipeline.Alerts.Notices;
using MimeKit;
using MimeKit.Text;

namespace JobPipeline.BuiltIn.Alerts;

/// <summary>A notice as a mail: plain text, short, with what to do at the top.</summary>
internal static class AlertMail
{
    private static readonly string[] Severities = ["critical", "error", "warning", "informational", "verbose"];

    /// <param name="notice">What to tell.</param>
    /// <param name="email">To whom.</param>
    public static MimeMessage Of(AlertNotice notice, AlertEmailOptions email)
    {
        var from = MailboxAddress.Parse(email.From!);
        var mail = new MimeMessage
        {
            Subject = SubjectOf(notice),
            Date = notice.At,
            // A mailbox that gets it twice shows it once.
            MessageId = $"{notice.Id}@{from.Domain}",
            Body = new TextPart(TextFormat.Plain) { Text = TextOf(notice) },
        };
        mail.From.Add(from);
        mail.To.AddRange(email.To.Select(MailboxAddress.Parse));
        // No out-of-office answers (RFC 3834).
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        return mail;
    }

    private static string SubjectOf(AlertNotice notice) => notice.Kind switch
    {
        AlertNoticeKind.Firing => $"[{Severities[notice.Severity]}] {notice.Title}{Which(notice)}",
        AlertNoticeKind.Resolved => $"[over] {notice.Title}{Which(notice)}",
        _ => $"[test] {notice.Title}",
    };

    private static string TextOf(AlertNotice notice) => notice.Kind switch
    {
        AlertNoticeKind.Test => $"""
            Nothing happened: this is a test, and it arrived.
            What there is to know about alerts: {notice.Runbook}

            {Facts(notice, "Asked for")}
            """,
        AlertNoticeKind.Resolved => $"""
            It is over: there is nothing left to do.

            {Facts(notice, "Over since")}
            """,
        _ => $"""
            What to do: {notice.Runbook}

            {Facts(notice, "Told")}
            """,
    };

    private static string Facts(AlertNotice notice, string told) => notice.Kind == AlertNoticeKind.Test
        ? $"{told}: {Time(notice.At)}\nInstance: {notice.Instance}"
        : $"""
            Alert:     {notice.Rule}{Which(notice)}
            Value:     {Number(notice.Value)} (an alert when {notice.Operator} {Number(notice.Threshold)})
            Metric:    {notice.Metric}, over {notice.Window:c}
            Began:     {Time(notice.Since)}
            {told + ":",-10} {Time(notice.At)}
            Instance:  {notice.Instance}
            """;

    private static string Which(AlertNotice notice) => notice.AttributeValue is null ? "" : $" ({notice.AttributeValue})";

    private static string Number(double? value) => value?.ToString("0.####", CultureInfo.InvariantCulture) ?? "nothing measured";

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
