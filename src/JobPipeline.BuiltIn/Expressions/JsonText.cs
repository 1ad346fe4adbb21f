using System.Globalization;
using System.Text;

namespace JobPipeline.BuiltIn.Expressions;

/// <summary>
/// Reads and writes JSON strings. An unpaired surrogate is kept as an escape, because neither UTF-8 nor System.Text.Json can represent it.
/// </summary>
internal static class JsonText
{
    /// <summary>Appends a quoted string with only the necessary escapes.</summary>
    public static void Quote(StringBuilder json, string text)
    {
        json.Append('"');
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '"' or '\\')
                json.Append('\\').Append(c);
            else if (char.IsControl(c) || IsAlone(text, i))
                json.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                json.Append(c);
        }

        json.Append('"');
    }

    /// <summary>Returns the value of a quoted string.</summary>
    public static string Unquote(ReadOnlySpan<char> json)
    {
        var text = new StringBuilder(json.Length);
        for (var i = 1; i < json.Length - 1; i++)
        {
            if (json[i] != '\\')
            {
                text.Append(json[i]);
            }
            else if (json[++i] == 'u')
            {
                text.Append((char)ushort.Parse(json.Slice(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                i += 4;
            }
            else
            {
                text.Append(json[i] switch { 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', var other => other });
            }
        }

        return text.ToString();
    }

    private static bool IsAlone(string text, int at) =>
        (char.IsHighSurrogate(text[at]) && (at + 1 == text.Length || !char.IsLowSurrogate(text[at + 1])))
        || (char.IsLowSurrogate(text[at]) && (at == 0 || !char.IsHighSurrogate(text[at - 1])));
}
