using System.ComponentModel.DataAnnotations;

namespace JobPipeline.BuiltIn.Alerts;

/// <summary>Who is told of alerts: configuration section <c>JobPipeline:Alerts:Receivers</c>. Default nobody.</summary>
public sealed class AlertReceiverOptions : IValidatableObject
{
    public const string Section = "JobPipeline:Alerts:Receivers";

    private const int MaxNameLength = 60;

    /// <summary>Addresses that notices are posted to, by names of your own.</summary>
    public Dictionary<string, AlertWebhookOptions> Webhooks { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Mailboxes that notices are sent to, by names of your own.</summary>
    public Dictionary<string, AlertEmailOptions> Emails { get; set; } = new(StringComparer.Ordinal);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
    [
        .. Webhooks.SelectMany(webhook => NameFaults(nameof(Webhooks), webhook.Key).Concat(webhook.Value.Validate($"{nameof(Webhooks)}:{webhook.Key}"))),
        .. Emails.SelectMany(email => NameFaults(nameof(Emails), email.Key).Concat(email.Value.Validate($"{nameof(Emails)}:{email.Key}"))),
    ];

    private static IEnumerable<ValidationResult> NameFaults(string kind, string name) =>
        name.Length > MaxNameLength ? [new ValidationResult($"has a name of more than {MaxNameLength} characters.", [$"{kind}:{name}"])] : [];
}
