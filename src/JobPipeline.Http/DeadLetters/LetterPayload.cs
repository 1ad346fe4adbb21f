using System.Text.Json;
using JobPipeline.Failures;
using JobPipeline.Jobs;

namespace JobPipeline.Http.DeadLetters;

/// <summary>The payload of a dead letter as people may see it.</summary>
/// <param name="Json">Without credentials among headers; null: there is none to show.</param>
/// <param name="Note">Why it is not shown.</param>
internal readonly record struct LetterPayload(JsonElement? Json, string? Note)
{
    /// <summary>Largest payload that is shown.</summary>
    private const int MaxShown = 256 * 1024;

    public static async Task<LetterPayload> OfAsync(DeadLetter letter, IPayloadStore payloads, CancellationToken cancellationToken)
    {
        if (JobMessageReader.Read(letter.Original, letter.At) is not MessageReading.Job { Message.Spec: var spec })
            return new LetterPayload(null, "the message can't be read");
        if (!spec.PayloadInBlob)
            return Of(spec.Payload);
        var blob = PayloadName.Payload(letter.Id);
        if (await payloads.ReadAsync(blob, cancellationToken) is not { } payload)
            return new LetterPayload(null, $"the payload was kept in the blob {blob}, which is gone");
        return payload.Length > MaxShown ? new LetterPayload(null, $"the payload has {payload.Length} bytes and is kept in the blob {blob}") : Of(payload);
    }

    private static LetterPayload Of(ReadOnlyMemory<byte> payload)
    {
        if (payload.IsEmpty)
            return default;
        try
        {
            var json = JsonElement.Parse(RedactedOriginal.Of(payload).Span);
            // Written to see whether it can be: half a surrogate pair is read, but not written.
            JsonSerializer.SerializeToUtf8Bytes(json);
            return new LetterPayload(json, null);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return new LetterPayload(null, $"the payload can't be shown as JSON: {e.Message}");
        }
    }
}
