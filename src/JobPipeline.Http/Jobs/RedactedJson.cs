using System.Buffers.Text;
using System.Text.Json;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Http.Jobs;

/// <summary>
/// Redacts a message for display: replaces credentials that a producer put among the <c>headers</c> of a payload
/// (<see cref="SensitiveHeaders"/>) and changes no other byte. The original stays stored.
/// </summary>
internal static class RedactedJson
{
    private static readonly byte[] Replacement = JsonSerializer.SerializeToUtf8Bytes(SensitiveHeaders.Redacted);

    public static ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> message)
    {
        if (!Base64.IsValid(message.Span, out var length) || length == 0)
            return OfJson(message);
        var decoded = new byte[Base64.GetMaxDecodedFromUtf8Length(message.Length)];
        Base64.DecodeFromUtf8(message.Span, decoded, out _, out var written);
        var redacted = OfJson(decoded.AsMemory(0, written));
        return redacted.Span.SequenceEqual(decoded.AsSpan(0, written))
            ? message
            : System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(redacted.Span));
    }

    /// <summary>Redacts JSON; if the text is not valid JSON to its end, redacts the valid part.</summary>
    private static ReadOnlyMemory<byte> OfJson(ReadOnlyMemory<byte> json)
    {
        var kept = new List<byte>(json.Length);
        var from = 0;
        foreach (var (start, end) in Credentials(json))
        {
            kept.AddRange(json.Span[from..start]);
            kept.AddRange(Replacement);
            from = end;
        }

        if (from == 0)
            return json;
        kept.AddRange(json.Span[from..]);
        return kept.ToArray();
    }

    private static List<(int Start, int End)> Credentials(ReadOnlyMemory<byte> json)
    {
        var found = new List<(int Start, int End)>();
        var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = JobLimits.MaxDepth, AllowMultipleValues = true });
        var headersDepth = int.MaxValue;
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.EndObject && reader.CurrentDepth < headersDepth)
                    headersDepth = int.MaxValue;
                if (reader.TokenType != JsonTokenType.PropertyName)
                    continue;
                var name = reader.GetString()!;
                if (headersDepth == int.MaxValue && name.Equals("headers", StringComparison.OrdinalIgnoreCase))
                    headersDepth = reader.CurrentDepth + 1;
                else if (reader.CurrentDepth >= headersDepth && SensitiveHeaders.Contains(name) && reader.Read())
                    found.Add(Skip(ref reader));
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return found;
        }

        return found;
    }

    private static (int Start, int End) Skip(ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return (start, (int)reader.BytesConsumed);
    }
}
