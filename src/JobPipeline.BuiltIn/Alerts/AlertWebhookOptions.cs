using System.ComponentModel.DataAnnotations;

namespace JobPipeline.BuiltIn.Alerts;

/// <summary>
/// A webhook that alert notifications are posted to, signed according to Standard Webhooks. The allowed addresses are configured by
/// <see cref="Web.Outbound.OutboundOptions"/>, as for every request of a job.
/// </summary>
public sealed class AlertWebhookOptions
{
    /// <summary>Gets or sets the https or http address. Its path is treated as a secret and is not logged.</summary>
    public string? Url { get; set; }

    /// <summary>
    /// Gets or sets the signing secrets: <c>whsec_</c> followed by 24 to 64 bytes in base64. Each secret adds a signature, which allows
    /// rotation: add the new secret, change the receiver, then remove the old secret.
    /// </summary>
    public IReadOnlyList<string> Secrets { get; set; } = [];

    /// <summary>
    /// Gets or sets the lowest severity to notify about, from 0 (critical alerts only) to 4 (all alerts). The default is 4.
    /// </summary>
    public int LeastSevere { get; set; } = 4;

    /// <summary>Returns the validation errors by member. No message contains a secret.</summary>
    internal IEnumerable<ValidationResult> Validate(string path)
    {
        if (!Uri.TryCreate(Url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.UserInfo.Length > 0)
            yield return new ValidationResult("must be an http or https address without user information.", [$"{path}:{nameof(Url)}"]);
        if (Secrets.Count == 0 || !Secrets.All(WebhookSigner.IsSecret))
        {
            yield return new ValidationResult(
                "must contain at least one secret, each of them whsec_ followed by 24 to 64 bytes in base64.",
                [$"{path}:{nameof(Secrets)}"]);
        }

        if (LeastSevere is < 0 or > 4)
            yield return new ValidationResult("must be between 0 and 4.", [$"{path}:{nameof(LeastSevere)}"]);
    }
}
