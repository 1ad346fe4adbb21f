using System.Buffers.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace JobPipeline.Jobs.Wire;

/// <summary>
/// Reads queue messages: the pipeline's own JSON, a CloudEvents 1.0 structured event, or either of them in base64. Never throws:
/// an unreadable message is a regular result. Every older version of the wire format stays readable.
/// </summary>
internal static class JobMessageReader
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = JobLimits.MaxDepth };

    /// <param name="body">The message body, as delivered.</param>
    /// <param name="insertedAt">When the message was put on the queue, which is the enqueue time of a foreign message.</param>
    public static MessageReading Read(ReadOnlyMemory<byte> body, DateTimeOffset insertedAt)
    {
        if (!TryDecode(body, out var json))
            return Unreadable("the message is neither a JSON object nor base64 of one");
        try
        {
            return ReadObject(json, insertedAt);
        }
        catch (JsonException e)
        {
            return Unreadable($"the message is not valid JSON: {e.Message}");
        }
        catch (MessageFormatException e)
        {
            return new MessageReading.Unreadable(e.Reason, e.Message);
        }
        catch (InvalidOperationException)
        {
            // The JSON reader throws this for an escape such as \ud800 without its other half.
            return Unreadable("a string in the message contains an unpaired surrogate");
        }
    }

    private static MessageReading ReadObject(ReadOnlyMemory<byte> json, DateTimeOffset insertedAt)
    {
        var reader = new Utf8JsonReader(json.Span, Options);
        reader.Read();
        var fields = new JobMessageFields();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            fields.ReadMember(ref reader, json);
        if (reader.Read())
            throw new MessageFormatException("the message has more data after the JSON object");
        if (fields.Pack is { } parts)
            return new MessageReading.Pack(parts) { IsSentHidden = fields.IsSentHidden };
        var message = fields.ToMessage(insertedAt);
        if (message.Id is not null && json.Length > JobLimits.MaxMessageBytes)
            throw new MessageFormatException(
                DeadLetterReason.ForgedIdentity,
                $"the message has a job id, but is larger than the {JobLimits.MaxMessageBytes} bytes that the pipeline sends at most");
        return new MessageReading.Job(message);
    }

    private static bool TryDecode(ReadOnlyMemory<byte> body, out ReadOnlyMemory<byte> json)
    {
        json = Utf8Mark.Trim(body);
        if (json.IsEmpty)
            return false;
        if (json.Span[0] != (byte)'{')
        {
            var decoded = new byte[Base64.GetMaxDecodedFromUtf8Length(json.Length)];
            if (Base64.DecodeFromUtf8(json.Span, decoded, out var consumed, out var written) != System.Buffers.OperationStatus.Done
                || consumed != json.Length)
                return false;
            json = Utf8Mark.Trim(decoded.AsMemory(0, written));
        }

        return !json.IsEmpty && json.Span[0] == (byte)'{' && Utf8.IsValid(json.Span);
    }

    private static MessageReading.Unreadable Unreadable(string why) => new(DeadLetterReason.Unreadable, why);
}
