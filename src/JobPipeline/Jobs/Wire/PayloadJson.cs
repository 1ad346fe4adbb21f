using System.Text.Json;
using System.Text.Unicode;

namespace JobPipeline.Jobs.Wire;

/// <summary>
/// The normal form in which payloads are sent and stored: a JSON value without surrounding white space, or nothing for null.
/// Messages of different jobs are distinguished by the bytes of the payload, so sender and receiver have to agree on them.
/// </summary>
internal static class PayloadJson
{
    /// <summary>The nesting that a message adds around a payload: itself and, in a pack, the pack and its array.</summary>
    private const int EnvelopeDepth = 3;

    /// <summary>The maximum nesting of a payload, a result, and every input or output of a workflow: 61 levels.</summary>
    public const int MaxDepth = JobLimits.MaxDepth - EnvelopeDepth;

    /// <exception cref="MessageFormatException">
    /// The payload is too large, not a single JSON value in UTF-8, or nested too deep for a message; the error calls it
    /// <paramref name="name"/>.
    /// </exception>
    public static ReadOnlyMemory<byte> Normalise(ReadOnlyMemory<byte> json, string name)
    {
        if (json.Length > JobLimits.MaxPayloadBytes)
            throw new MessageFormatException(
                $"'{name}' has {json.Length} bytes; the limit is {JobLimits.MaxPayloadBytes} bytes. "
                    + "Store the data in a blob and send its name");
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
            throw new MessageFormatException($"'{name}' must be a single JSON value: {e.Message}", e);
        }

        return value.Span.SequenceEqual("null"u8) ? default : value;
    }
}
