using System.Text.Json;
using System.Text.Unicode;

namespace JobPipeline.Jobs;

/// <summary>The bounds of <see cref="JobLimits"/>, applied to producers in this process and on the wire alike.</summary>
internal static class JobSpecRules
{
    /// <exception cref="MessageFormatException">A field is out of bounds; the message names it.</exception>
    public static void Check(JobSpec spec)
    {
        if (!IsTypeName(spec.Type))
            throw new MessageFormatException($"'{spec.Type}' is not a job type: letters, digits, '.', '_' and '-', at most {JobLimits.MaxTypeLength}");
        if (spec.Key is { } key && (key.Length is 0 or > JobLimits.MaxKeyLength))
            throw new MessageFormatException($"'key' must have 1 to {JobLimits.MaxKeyLength} characters");
        if (spec.MaxAttempts is < 1 or > JobLimits.MaxAttempts)
            throw new MessageFormatException($"'maxAttempts' must be a whole number from 1 to {JobLimits.MaxAttempts}");
        if (spec.Timeout is { } timeout && (timeout <= TimeSpan.Zero || timeout > JobLimits.MaxTimeout))
            throw new MessageFormatException($"'timeout' must be above zero and at most {JobLimits.MaxTimeout:c}");
        if (spec.Tags.Count > JobLimits.MaxTags || spec.Tags.Any(tag => tag.Length is 0 or > JobLimits.MaxTagLength))
            throw new MessageFormatException($"'tags' may hold {JobLimits.MaxTags} of 1 to {JobLimits.MaxTagLength} characters each");
        if (spec.CorrelationId is { Length: > JobLimits.MaxCorrelationLength })
            throw new MessageFormatException($"'correlationId' may have {JobLimits.MaxCorrelationLength} characters");
        if (spec.ExpiresAt <= spec.NotBefore)
            throw new MessageFormatException("'expiresAt' must lie after 'notBefore'");
    }

    /// <summary>For payloads that no reader has seen yet: a message is written around them as they are.</summary>
    /// <exception cref="MessageFormatException">The payload is not one JSON value within bounds.</exception>
    public static void CheckPayload(ReadOnlyMemory<byte> payload)
    {
        if (payload.IsEmpty)
            return;
        if (payload.Length > JobLimits.MaxPayloadBytes)
            throw new MessageFormatException($"the payload has {payload.Length} bytes; at most {JobLimits.MaxPayloadBytes} are taken. Put the data into a blob and send its name");
        if (!Utf8.IsValid(payload.Span))
            throw new MessageFormatException("the payload is not UTF-8");
        var reader = new Utf8JsonReader(payload.Span, new JsonReaderOptions { MaxDepth = JobLimits.MaxDepth - 1 });
        try
        {
            reader.Read();
            reader.Skip();
            if (reader.Read())
                throw new MessageFormatException("the payload must be one JSON value");
        }
        catch (JsonException e)
        {
            throw new MessageFormatException($"the payload is not JSON: {e.Message}", e);
        }
    }

    private static bool IsTypeName(string type) =>
        type.Length is > 0 and <= JobLimits.MaxTypeLength
        && char.IsAsciiLetterOrDigit(type[0])
        && type.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
