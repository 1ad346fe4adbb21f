using System.Buffers;
using System.Text;

namespace JobPipeline.BuiltIn.Storage;

/// <summary>
/// What the name of a blob must be like to mean one blob and nothing else. The Azure SDK resolves <c>.</c> and <c>..</c>
/// (also across the container), drops slashes at the ends, and sends everything else percent-encoded, so that
/// <c>%2e%2e</c>, <c>?</c> and <c>#</c> are characters of the name. A name that would lead elsewhere if anything on
/// the way decoded it once more is refused all the same.
/// </summary>
internal static class BlobNameRules
{
    private const int MaxLength = 1024;
    private const int MaxSegments = 254;
    private const int MaxDecodings = 8;

    /// <summary>What is wrong with a name; null when it is right.</summary>
    public static string? FaultOf(string name)
    {
        if (name.Length == 0)
            return "has no name of a blob behind the container";
        if (name.Length > MaxLength)
            return $"has a blob's name of {name.Length} characters; {MaxLength} are allowed";
        if (CharacterFault(name) is { } character)
            return character;
        if (name.AsSpan().Count('/') >= MaxSegments)
            return $"has more than {MaxSegments} segments";
        return name.Split('/').Select(SegmentFault).FirstOrDefault(fault => fault is not null) ?? EncodedFault(name);
    }

    private static string? CharacterFault(string name)
    {
        for (var rest = name.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var consumed) != OperationStatus.Done)
                return "holds half of a surrogate pair";
            if (rune.Value == '\\')
                return "holds a backslash; segments are separated by '/'";
            if (Rune.IsControl(rune) || (rune.Value & 0xFFFE) == 0xFFFE)
                return $"holds the character U+{rune.Value:X4}, which can't be part of a blob's name";
            rest = rest[consumed..];
        }

        return null;
    }

    private static string? SegmentFault(string segment) => segment switch
    {
        "" => "has an empty segment: two slashes in a row, or one at an end",
        "." or ".." => $"has a segment '{segment}'; give the address without it",
        [.., '.'] => $"has a segment that ends in a dot ('{segment}')",
        _ when segment.Trim().Length < segment.Length => $"has a segment that begins or ends with a space ('{segment}')",
        _ => null,
    };

    /// <summary>Percent signs are taken as they are, unless what they encode would change the meaning of the name.</summary>
    private static string? EncodedFault(string name)
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
                return "holds percent-encoded characters that separate or walk through segments; write the name as it is, without encoding";
        }

        return decoded.Contains('%', StringComparison.Ordinal) && Uri.UnescapeDataString(decoded) != decoded
            ? "is percent-encoded many times over; write the name as it is, without encoding"
            : null;
    }
}
