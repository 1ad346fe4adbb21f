using System.Text.Encodings.Web;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.BuiltIn.Web.Connections;

/// <summary>
/// Takes the values of credentials out of what a peer said, in the forms in which an honest one repeats them: as they are,
/// in JSON, in a URL. It is a net for accidents; a peer that was given a secret and means to spread it can.
/// </summary>
internal sealed class SecretValues
{
    // Anything shorter is found in every text.
    private const int MinLength = 6;

    // Longest first: a form may be a part of another.
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

    /// <summary>"Bearer x" is a secret, and so is x.</summary>
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
