using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace JobPipeline.BuiltIn.Alerts;

/// <summary>
/// Signs by the Standard Webhooks scheme (standardwebhooks.com, "Webhook headers" and "Signature scheme"): HMAC-SHA256 over id,
/// time and body, so that a receiver knows who sent it, that it is whole, and that it is not an old one sent again.
/// </summary>
internal static class WebhookSigner
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    private const string Prefix = "whsec_";
    private const int MinBytes = 24;
    private const int MaxBytes = 64;

    public static bool IsSecret(string? text) =>
        text?.StartsWith(Prefix, StringComparison.Ordinal) == true
        && Convert.TryFromBase64String(text[Prefix.Length..], new byte[text.Length], out var length) && length is >= MinBytes and <= MaxBytes;

    /// <summary>The three headers; a signature by each secret.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> HeadersOf(string id, DateTimeOffset at, ReadOnlySpan<byte> body, IReadOnlyList<string> secrets)
    {
        var timestamp = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        return
        [
            new(IdHeader, id),
            new(TimestampHeader, timestamp),
            new(SignatureHeader, string.Join(' ', secrets.Select(secret => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret[Prefix.Length..]), signed))}"))),
        ];
    }
}
