using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace JobPipeline.BuiltIn.Alerts;

/// <summary>
/// Signs requests according to Standard Webhooks (standardwebhooks.com, "Webhook headers" and "Signature scheme"): HMAC-SHA256 over the id,
/// the time and the body. The receiver can verify the sender and the integrity of the request, and detect replayed requests.
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
        && Convert.TryFromBase64String(text[Prefix.Length..], new byte[text.Length], out var length)
        && length is >= MinBytes and <= MaxBytes;

    /// <summary>Returns the three headers, with one signature per secret.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> HeadersOf(
        string id, DateTimeOffset at, ReadOnlySpan<byte> body, IReadOnlyList<string> secrets)
    {
        var timestamp = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        return
        [
            new(IdHeader, id),
            new(TimestampHeader, timestamp),
            new(SignatureHeader, string.Join(' ', secrets.Select(secret => Signature(secret, signed)))),
        ];
    }

    private static string Signature(string secret, byte[] signed) =>
        $"v1,{Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret[Prefix.Length..]), signed))}";
}
