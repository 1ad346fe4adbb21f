using System.Buffers;
using System.Text;

namespace JobPipeline.BuiltIn.Storage;

/// <summary>
/// The rules by which a blob name identifies exactly one blob. The Azure SDK resolves <c>.</c> and <c>..</c> (even across the
/// container), trims slashes, and percent-encodes everything else, so <c>%2e%2e</c>, <c>?</c> and <c>#</c> are literal characters
/// of a name. A name that would identify another blob if it were decoded once more on the way is rejected nevertheless.
/// </summary>
internal static class BlobNameRules
{
    private const int MaxLength = 1024;
    private const int MaxSegments = 254;
    private const int MaxDecodings = 8;

    /// <summary>Returns the validation error of a name, or null if it is valid.</summary>
    public static string? ErrorOf(string name)
    {
        if (name.Length == 0)
            return "has no blob name after the container";
        if (name.Length > MaxLength)
            return $"has a blob name of {name.Length} characters; the maximum is {MaxLength}";
        if (CharacterError(name) is { } character)
            return character;
        if (name.AsSpan().Count('/') >= MaxSegments)
            return $"has more than {MaxSegments} segments";
        return name.Split('/').Select(SegmentError).FirstOrDefault(error => error is not null) ?? EncodedError(name);
    }

    private static string? CharacterError(string name)
    {
        for (var rest = name.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var consumed) != OperationStatus.Done)
                return "contains an unpaired surrogate";
            if (rune.Value == '\\')
                return "contains a backslash; separate segments by '/'";
            if (Rune.IsControl(rune) || (rune.Value & 0xFFFE) == 0xFFFE)
                return $"contains the character U+{rune.Value:X4}, which is not allowed in a blob name";
            rest = rest[consumed..];
        }

        return null;
    }

    private static string? SegmentError(string segment) => segment switch
    {
        "" => "has an empty segment: two consecutive slashes, or a slash at the start or end",
        "." or ".." => $"has a segment '{segment}'; write the address without it",
        [.., '.'] => $"has a segment that ends with a dot ('{segment}')",
        _ when segment.Trim().Length < segment.Length => $"has a segment that begins or ends with a space ('{segment}')",
        _ => null,
    };

    /// <summary>Accepts percent signs literally, unless decoding them would change the meaning of the name.</summary>
    private static string? EncodedError(string name)
    {
        var (decoded, slashes) = (name, name.AsSpan().Count('/'));
        for (var i = 0; i < MaxDecodings && decoded.Contains('%', StringComparison.Ordinal); i++)
        {
            var once = Uri.UnescapeDataString(decoded);
            if (once == decoded)
                return null;
            decoded = once;
            var isSame = decoded.AsSpan().Count('/') == slashes && !decoded.Any(c => c == '\\' || char.IsControl(c));
            if (!isSame || Array.Exists(decoded.Split('/'), segment => segment is "." or ".."))
                return "contains percent-encoded characters that separate or traverse segments; write the name without encoding";
        }

        return decoded.Contains('%', StringComparison.Ordinal) && Uri.UnescapeDataString(decoded) != decoded
            ? "is percent-encoded repeatedly; write the name without encoding"
            : null;
    }
}
