using System.Globalization;
using System.Text;
using System.Text.Json;

namespace JobPipeline.Failures;

/// <summary>Takes out of a text what quotes a payload: its strings and numbers, and names of members that are no identifiers.</summary>
internal static class PayloadQuotes
{
    public const string Hidden = "***";

    /// <summary>What is shorter says little, and is in every other word.</summary>
    private const int MinChars = 4;

    /// <param name="text">Of any length.</param>
    /// <param name="payload">UTF-8 JSON, or empty.</param>
    public static string Hide(string text, ReadOnlySpan<byte> payload)
    {
        if (text.Length == 0 || payload.IsEmpty)
            return text;
        // The longest first: a shorter one may be a part of it.
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
            // As .NET prints it, wherever the number came from.
            if (reader.TokenType == JsonTokenType.Number && reader.TryGetDecimal(out var number))
                values.Add(number.ToString(CultureInfo.InvariantCulture));
        }

        values.RemoveWhere(value => value.Length < MinChars);
        return values;
    }

    /// <summary>The text of the token, or nothing for half a surrogate pair: it has no text that a message could quote.</summary>
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
