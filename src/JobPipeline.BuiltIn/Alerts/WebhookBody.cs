using System.Text.Json;
using JobPipeline.Alerts.Notices;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.BuiltIn.Alerts;

/// <summary>The body of a webhook request. A golden file pins its format.</summary>
/// <param name="Type"><c>alert.firing</c>, <c>alert.resolved</c> or <c>alert.test</c>.</param>
/// <param name="Timestamp">The time when the notification was created.</param>
/// <param name="Data">The notification.</param>
internal sealed record WebhookBody(string Type, DateTimeOffset Timestamp, WebhookData Data)
{
    public static ReadOnlyMemory<byte> Of(AlertNotification notice) => JsonSerializer.SerializeToUtf8Bytes(
        new WebhookBody(
            $"alert.{JsonNamingPolicy.CamelCase.ConvertName(notice.Kind.ToString())}",
            notice.At,
            new WebhookData(
                notice.Rule,
                notice.Title,
                notice.Severity,
                notice.Metric,
                notice.Attribute,
                notice.AttributeValue,
                notice.Value,
                notice.Operator,
                notice.Threshold,
                notice.Window,
                notice.Since,
                notice.Instance,
                notice.Runbook)),
        JobJson.Options);
}

/// <inheritdoc cref="AlertNotification"/>
internal sealed record WebhookData(
    string Rule,
    string Title,
    int Severity,
    string Metric,
    string? Attribute,
    string? AttributeValue,
    double? Value,
    string Operator,
    double Threshold,
    TimeSpan Window,
    DateTimeOffset Since,
    string Instance,
    string Runbook);
