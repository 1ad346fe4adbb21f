using System.Text.Json;
using System.Text.Unicode;

namespace JobPipeline.Jobs.Wire;

/// <summary>Checks that JSON can be parsed, written again and shown.</summary>
internal static class JsonText
{
    /// <summary>Gets the validation error as a phrase that follows the value's name ("is not UTF-8"); null for valid JSON.</summary>
    /// <param name="json">One JSON value.</param>
    /// <param name="maxDepth">The maximum nesting that is accepted.</param>
    public static string? ErrorOf(ReadOnlySpan<byte> json, int maxDepth)
    {
        if (!Utf8.IsValid(json))
            return "is not UTF-8";
        // The depth is counted here because the reader's own message states neither the limit nor the value.
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray && reader.CurrentDepth >= maxDepth)
                    return $"is nested deeper than {maxDepth} levels";
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped && !HasText(ref reader))
                    return $"contains an unpaired surrogate in a {(reader.TokenType == JsonTokenType.String ? "string" : "member name")}";
            }

            return null;
        }
        catch (JsonException e)
        {
            return $"is not a single JSON value: {e.Message}";
        }
    }

    /// <summary>
    /// Whether the string is valid text. An escape such as \ud800 without its other half is valid JSON, but not valid text.
    /// </summary>
    private static bool HasText(ref Utf8JsonReader reader)
    {
        try
        {
            reader.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
