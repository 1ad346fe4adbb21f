namespace JobPipeline.Jobs.Wire;

/// <summary>
/// Recognizes HTTP headers that carry credentials by their names. A job's payload may not contain them, and their values are
/// redacted wherever they are shown. The list errs on the side of too many matches.
/// </summary>
internal static class SensitiveHeaders
{
    /// <summary>The text that replaces a redacted value.</summary>
    public const string Redacted = "[redacted]";

    private static readonly string[] Prefixes = ["proxy-", "x-auth"];
    private static readonly string[] Words = ["authorization", "cookie", "token", "secret", "password", "credential", "session"];

    public static bool Contains(string name) =>
        Array.Exists(Prefixes, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
        || Array.Exists(Words, word => name.Contains(word, StringComparison.OrdinalIgnoreCase))
        // X-Api-Key, X-Functions-Key, Ocp-Apim-Subscription-Key and so on.
        || (name.EndsWith("key", StringComparison.OrdinalIgnoreCase)
            && !name.Equals("Idempotency-Key", StringComparison.OrdinalIgnoreCase));
}
