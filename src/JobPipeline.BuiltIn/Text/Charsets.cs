using System.Globalization;
using System.Text;

namespace JobPipeline.BuiltIn.Text;

/// <summary>
/// Finds encodings by name: those of .NET and the code pages, including common unregistered spellings (<c>utf8</c>, <c>cp1252</c>,
/// <c>latin-1</c>, <c>shift-jis</c>).
/// </summary>
internal static class Charsets
{
    private const int Utf8CodePage = 65001;

    /// <summary>Aliases by their letters and digits.</summary>
    private static readonly Dictionary<string, string> Aliases = new(StringComparer.Ordinal)
    {
        ["utf8"] = "utf-8", ["utf8bom"] = "utf-8", ["utf8sig"] = "utf-8", ["utf8mb4"] = "utf-8", ["unicode11utf8"] = "utf-8",
        ["utf16"] = "utf-16", ["utf16le"] = "utf-16", ["utf16be"] = "utf-16BE", ["ucs2"] = "utf-16", ["unicode"] = "utf-16",
        ["utf32"] = "utf-32", ["utf32le"] = "utf-32", ["utf32be"] = "utf-32BE", ["ucs4"] = "utf-32",
        ["ascii"] = "us-ascii", ["usascii"] = "us-ascii", ["ansix341968"] = "us-ascii", ["iso646us"] = "us-ascii",
        ["latin1"] = "iso-8859-1", ["l1"] = "iso-8859-1", ["latin2"] = "iso-8859-2", ["l2"] = "iso-8859-2",
        ["latin5"] = "iso-8859-9", ["l5"] = "iso-8859-9", ["latin9"] = "iso-8859-15", ["l9"] = "iso-8859-15",
        ["sjis"] = "shift_jis", ["xsjis"] = "shift_jis", ["shiftjis"] = "shift_jis", ["mskanji"] = "shift_jis",
        ["windows31j"] = "shift_jis",
        ["eucjp"] = "euc-jp", ["xeucjp"] = "euc-jp", ["iso2022jp"] = "iso-2022-jp",
        ["gbk"] = "gb2312", ["xgbk"] = "gb2312", ["gb2312"] = "gb2312", ["gb18030"] = "gb18030", ["big5"] = "big5", ["big5hkscs"] = "big5",
        ["euckr"] = "ks_c_5601-1987", ["ksc5601"] = "ks_c_5601-1987", ["uhc"] = "ks_c_5601-1987", ["windows949"] = "ks_c_5601-1987",
        ["koi8r"] = "koi8-r", ["koi8u"] = "koi8-u", ["koi8"] = "koi8-r", ["tis620"] = "windows-874", ["macroman"] = "macintosh",
    };

    /// <summary>Returns the encoding, which throws on undecodable bytes, or null if the name is unknown.</summary>
    public static Encoding? Find(string name)
    {
        name = name.Trim().Trim('"', '\'').Trim();
        if (name.Length is 0 or > 64)
            return null;
        var key = string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
        return Get(Aliases.GetValueOrDefault(key)) ?? Get(name) ?? OfNumber(key);
    }

    /// <summary>Returns the encoding with U+FFFD in place of undecodable bytes.</summary>
    public static Encoding WithMarks(Encoding encoding)
    {
        var copy = (Encoding)encoding.Clone();
        copy.DecoderFallback = new DecoderReplacementFallback("\uFFFD");
        return copy;
    }

    public static bool IsUtf8(Encoding encoding) => encoding.CodePage == Utf8CodePage;

    /// <summary>Finds the encoding of names such as <c>windows1252</c>, <c>cp1252</c>, <c>ibm850</c> and <c>iso88592</c>.</summary>
    private static Encoding? OfNumber(string key)
    {
        var digits = key.AsSpan(key.AsSpan().TrimEnd("0123456789").Length);
        var family = key[..^digits.Length];
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return null;
        return family switch
        {
            "windows" or "win" or "cp" or "xcp" or "ms" or "ibm" or "codepage" => Get(number),
            "iso" when key.StartsWith("iso8859", StringComparison.Ordinal) => Get($"iso-8859-{key["iso8859".Length..]}"),
            "" when key.StartsWith("8859", StringComparison.Ordinal) => Get($"iso-8859-{key["8859".Length..]}"),
            _ => null,
        };
    }

    private static Encoding? Get(string? name) => name is null ? null : OrNull(
        () => CodePagesEncodingProvider.Instance.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)
            ?? Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback));

    private static Encoding? Get(int page) => OrNull(
        () => CodePagesEncodingProvider.Instance.GetEncoding(page, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)
            ?? Encoding.GetEncoding(page, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback));

    private static Encoding? OrNull(Func<Encoding> find)
    {
        try
        {
            return find();
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
