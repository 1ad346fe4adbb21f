using System.ComponentModel.DataAnnotations;

namespace JobPipeline.BuiltIn.Alerts;

/// <summary>The receivers of alerts: configuration section <c>JobPipeline:Alerts:Receivers</c>. The default is none.</summary>
public sealed class AlertReceiverOptions : IValidatableObject
{
    public const string Section = "JobPipeline:Alerts:Receivers";

    private const int MaxNameLength = 60;

    /// <summary>Gets or sets the webhooks that alert notifications are posted to, by receiver name.</summary>
    public Dictionary<string, AlertWebhookOptions> Webhooks { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Gets or sets the email receivers that alert notifications are sent to, by receiver name.</summary>
    public Dictionary<string, AlertEmailOptions> Emails { get; set; } = new(StringComparer.Ordinal);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
    [
        .. Webhooks.SelectMany(
            webhook => NameErrors(nameof(Webhooks), webhook.Key).Concat(webhook.Value.Validate($"{nameof(Webhooks)}:{webhook.Key}"))),
        .. Emails.SelectMany(email => NameErrors(nameof(Emails), email.Key).Concat(email.Value.Validate($"{nameof(Emails)}:{email.Key}"))),
    ];

    private static IEnumerable<ValidationResult> NameErrors(string kind, string name) =>
        name.Length > MaxNameLength
            ? [new ValidationResult($"must have a name of at most {MaxNameLength} characters.", [$"{kind}:{name}"])]
            : [];
}
