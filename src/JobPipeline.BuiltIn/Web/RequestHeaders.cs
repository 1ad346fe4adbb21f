using System.Collections.Frozen;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.BuiltIn.Web;

/// <summary>Validates the headers of a request.</summary>
internal static class RequestHeaders
{
    public const int MaxCount = 64;
    private const int MaxValueLength = 8 * 1024;
    private const string TokenSymbols = "!#$%&'*+-.^_`|~";

    // They frame the message or belong to the connection: a value that disagrees with the message allows request smuggling.
    private static readonly FrozenSet<string> OfTheConnection = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Host", "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "TE", "Trailer", "Upgrade", "Expect", "HTTP2-Settings");

    /// <summary>Returns the validation error of a header, or null. The value is never quoted.</summary>
    public static string? Flaw(string name, string? value, bool ofPayload)
    {
        if (!IsToken(name))
            return "a header has an invalid name";
        if (OfTheConnection.Contains(name))
            return $"the header '{name}' is set by the connection itself";
        if (ofPayload && SensitiveHeaders.Contains(name))
        {
            return $"the header '{name}' carries credentials; configure it in a connection in "
                + $"{BuiltInOptions.Section}:{nameof(BuiltInOptions.Connections)} and name that in 'connection'";
        }

        return value is null || value.Length > MaxValueLength || !value.All(c => c is >= ' ' and <= '~' or '\t')
            ? $"the header '{name}' requires a value of at most {MaxValueLength} printable ASCII characters"
            : null;
    }

    public static bool IsToken(string text) =>
        text.Length is > 0 and <= 128 && text.All(c => char.IsAsciiLetterOrDigit(c) || TokenSymbols.Contains(c, StringComparison.Ordinal));
}
