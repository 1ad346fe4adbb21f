using System.Text.Json;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Http.Jobs;

/// <summary>A payload prepared for display.</summary>
/// <param name="Json">The payload with credentials among its headers redacted; null if there is nothing to show.</param>
/// <param name="Note">Why the payload is not shown.</param>
internal readonly record struct ShownPayload(JsonElement? Json, string? Note)
{
    /// <summary>The maximum size of a payload to show, in bytes.</summary>
    private const int MaxShown = 256 * 1024;

    /// <summary>
    /// Gets the payload of a recorded job. A payload in a blob is only named, because it would be read again at each poll of the
    /// job.
    /// </summary>
    public static ShownPayload Of(JobRecord record) => record.Spec.PayloadInBlob
        ? new ShownPayload(null, $"the payload is stored in the blob {PayloadName.Payload(record.Id)}")
        : Of(record.Spec.Payload);

    /// <summary>Gets the payload, reading it from its blob if it is stored there.</summary>
    public static async Task<ShownPayload> OfAsync(JobId job, JobSpec spec, IPayloadStore payloads, CancellationToken cancellationToken)
    {
        if (!spec.PayloadInBlob)
            return Of(spec.Payload);
        var blob = PayloadName.Payload(job);
        if (await payloads.ReadAsync(blob, cancellationToken) is not { } payload)
            return new ShownPayload(null, $"the payload was stored in the blob {blob}, which no longer exists");
        return payload.Length > MaxShown
            ? new ShownPayload(null, $"the payload has {payload.Length} bytes and is stored in the blob {blob}")
            : Of(payload);
    }

    private static ShownPayload Of(ReadOnlyMemory<byte> payload)
    {
        if (payload.IsEmpty)
            return default;
        try
        {
            var json = JsonElement.Parse(RedactedJson.Of(payload).Span);
            // Serialized as a check: an unpaired surrogate can be read, but not written.
            JsonSerializer.SerializeToUtf8Bytes(json);
            return new ShownPayload(json, null);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return new ShownPayload(null, $"the payload can't be shown as JSON: {e.Message}");
        }
    }
}
