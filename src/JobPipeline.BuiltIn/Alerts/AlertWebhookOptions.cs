using System.ComponentModel.DataAnnotations;

namespace JobPipeline.BuiltIn.Alerts;

/// <summary>
/// An address that notices are posted to, signed by the Standard Webhooks scheme. Where it may lie is for
/// <see cref="Web.Outbound.OutboundOptions"/> to say, as for any request of a job.
/// </summary>
public sealed class AlertWebhookOptions
{
    /// <summary>Where to: https, or http. Its path is taken for a secret: it is not logged.</summary>
    public string? Url { get; set; }

    /// <summary>
    /// What notices are signed with: <c>whsec_</c> and 24 to 64 bytes in base64. With several, there is a signature by each, so that a
    /// receiver can change over: add the new one, change the receiver, remove the old one.
    /// </summary>
    public IReadOnlyList<string> Secrets { get; set; } = [];

    /// <summary>It is told of alerts of this severity and of more severe ones: 0 only of critical ones, 4 of all. Default 4.</summary>
    public int LeastSevere { get; set; } = 4;

    /// <summary>What is wrong, by the member; no message quotes a secret.</summary>
    internal IEnumerable<ValidationResult> Validate(string path)
    {
        if (!Uri.TryCreate(Url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.UserInfo.Length > 0)
            yield return new ValidationResult("is no http or https address without a user name.", [$"{path}:{nameof(Url)}"]);
        if (Secrets.Count == 0 || !Secrets.All(WebhookSigner.IsSecret))
            yield return new ValidationResult("needs at least one secret, each of them whsec_ and 24 to 64 bytes in base64.", [$"{path}:{nameof(Secrets)}"]);
        if (LeastSevere is < 0 or > 4)
            yield return new ValidationResult("must lie between 0 and 4.", [$"{path}:{nameof(LeastSevere)}"]);
    }
}
