namespace JobPipeline.Jobs.Wire;

/// <summary>
/// Tells HTTP headers that carry credentials by their names: a job's payload may not hold them, and their values are
/// redacted wherever they are shown. Rather one too many than one too few.
/// </summary>
public static class SensitiveHeaders
{
    /// <summary>What is shown instead.</summary>
    public const string Redacted = "[redacted]";

    private static readonly string[] Prefixes = ["proxy-", "x-auth"];
    private static readonly string[] Words = ["authorization", "cookie", "token", "secret", "password", "credential", "session"];

    public static bool Contains(string name) =>
        Array.Exists(Prefixes, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
        || Array.Exists(Words, word => name.Contains(word, StringComparison.OrdinalIgnoreCase))
        // X-Api-Key, X-Functions-Key, Ocp-Apim-Subscription-Key and so on.
        || (name.EndsWith("key", StringComparison.OrdinalIgnoreCase) && !name.Equals("Idempotency-Key", StringComparison.OrdinalIgnoreCase));
}
