using System.Text.Json;
using System.Text.Unicode;

namespace JobPipeline.Jobs.Wire;

/// <summary>
/// The one form in which a payload travels and is kept: a JSON value with no white space around it, nothing for null.
/// A message is told from another job's by the bytes of its payload, so both sides of the wire have to agree on them.
/// </summary>
internal static class PayloadJson
{
    /// <summary>What a message adds around a payload: itself and, in a pack, the pack and its array.</summary>
    private const int EnvelopeDepth = 3;

    /// <summary>The deepest nesting of a payload, a result, and every value that a workflow is given or makes: 61 levels.</summary>
    public const int MaxDepth = JobLimits.MaxDepth - EnvelopeDepth;

    /// <exception cref="MessageFormatException">It is too large, not one JSON value in UTF-8, or nested too deep for a message; <paramref name="name"/> says what is meant.</exception>
    public static ReadOnlyMemory<byte> Normalise(ReadOnlyMemory<byte> json, string name)
    {
        if (json.Length > JobLimits.MaxPayloadBytes)
            throw new MessageFormatException($"'{name}' has {json.Length} bytes; at most {JobLimits.MaxPayloadBytes} are taken. Put the data into a blob and send its name");
        if (!Utf8.IsValid(json.Span))
            throw new MessageFormatException($"'{name}' is not UTF-8");
        var value = Utf8Mark.Trim(json);
        if (value.IsEmpty)
            return default;
        var reader = new Utf8JsonReader(value.Span, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            while (reader.Read())
            {
            }
        }
        catch (JsonException e)
        {
            throw new MessageFormatException($"'{name}' must hold one JSON value: {e.Message}", e);
        }

        return value.Span.SequenceEqual("null"u8) ? default : value;
    }
}
