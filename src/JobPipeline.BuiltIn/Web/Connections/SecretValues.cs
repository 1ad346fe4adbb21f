using System.Text.Encodings.Web;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.BuiltIn.Web.Connections;

/// <summary>
/// Redacts the values of credentials in a peer's response, in the forms in which an honest peer may repeat them: unchanged, in
/// JSON and in a URL. This guards against accidents, not against a peer that leaks a secret on purpose.
/// </summary>
internal sealed class SecretValues
{
    // A shorter value could occur in any text.
    private const int MinLength = 6;

    // Longest first, because one form may contain another.
    private readonly string[] _forms;

    public SecretValues(IEnumerable<string?> values) => _forms =
    [
        .. values.OfType<string>().SelectMany(Parts).Where(value => value.Length >= MinLength).SelectMany(Forms)
            .Distinct(StringComparer.Ordinal).OrderByDescending(form => form.Length),
    ];

    public string Scrub(string text)
    {
        foreach (var form in _forms)
            text = text.Replace(form, SensitiveHeaders.Redacted, StringComparison.Ordinal);
        return text;
    }

    /// <summary>Of "Bearer x", both the whole and x are secrets.</summary>
    private static IEnumerable<string> Parts(string value)
    {
        yield return value;
        if (value.LastIndexOf(' ') is >= 0 and var space)
            yield return value[(space + 1)..];
    }

    private static IEnumerable<string> Forms(string value) =>
    [
        value,
        JavaScriptEncoder.Default.Encode(value),
        JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value),
        value.Replace("/", "\\/", StringComparison.Ordinal),
        Uri.EscapeDataString(value),
    ];
}
