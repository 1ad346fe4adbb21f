using System.Text.Json;
using System.Text.Unicode;

namespace JobPipeline.Jobs.Wire;

/// <summary>Checks that JSON can be read, written again and shown.</summary>
internal static class JsonText
{
    /// <summary>What keeps the JSON from being used, as a phrase that follows its name ("is not UTF-8"); null for nothing.</summary>
    /// <param name="json">One JSON value.</param>
    /// <param name="maxDepth">The deepest nesting that is accepted.</param>
    public static string? FaultOf(ReadOnlySpan<byte> json, int maxDepth)
    {
        if (!Utf8.IsValid(json))
            return "is not UTF-8";
        // Depth is counted here: the reader's own words for it name neither bound nor value.
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray && reader.CurrentDepth >= maxDepth)
                    return $"is nested deeper than {maxDepth} levels";
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped && !HasText(ref reader))
                    return $"holds half a surrogate pair in a {(reader.TokenType == JsonTokenType.String ? "string" : "member's name")}";
            }

            return null;
        }
        catch (JsonException e)
        {
            return $"is not one JSON value: {e.Message}";
        }
    }

    /// <summary>False for an escape such as \ud800 without its other half: it can be read as JSON, but not as text.</summary>
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
