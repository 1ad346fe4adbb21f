using System.Globalization;
using System.Text;
using System.Text.Json;

namespace JobPipeline.Failures;

/// <summary>Hides quotations of a payload in a text: its strings, its numbers, and member names that are not identifiers.</summary>
internal static class PayloadQuotes
{
    public const string Hidden = "***";

    /// <summary>Shorter values reveal little and would match parts of other words.</summary>
    private const int MinChars = 4;

    /// <param name="text">The text, of any length.</param>
    /// <param name="payload">The payload: UTF-8 JSON, or empty.</param>
    public static string Hide(string text, ReadOnlySpan<byte> payload)
    {
        if (text.Length == 0 || payload.IsEmpty)
            return text;
        // Longest first: a shorter value may be a part of a longer one.
        foreach (var value in ValuesOf(payload).OrderByDescending(value => value.Length))
            text = text.Replace(value, Hidden, StringComparison.Ordinal);
        return text;
    }

    private static HashSet<string> ValuesOf(ReadOnlySpan<byte> payload)
    {
        var values = new HashSet<string>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(payload);
        while (reader.Read())
        {
            var value = reader.TokenType switch
            {
                JsonTokenType.String => TextOf(ref reader).Trim(),
                JsonTokenType.PropertyName => TextOf(ref reader) is var name && !IsIdentifier(name) ? name : "",
                JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
                _ => "",
            };
            if (value.Length < MinChars)
                continue;
            values.Add(value);
            // Also in the form .NET prints it, which may differ from the payload's.
            if (reader.TokenType == JsonTokenType.Number && reader.TryGetDecimal(out var number))
                values.Add(number.ToString(CultureInfo.InvariantCulture));
        }

        values.RemoveWhere(value => value.Length < MinChars);
        return values;
    }

    /// <summary>Returns the text of the token, or an empty string for an unpaired surrogate, which no message could quote.</summary>
    private static string TextOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }

    private static bool IsIdentifier(string name) => name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
