using System.Text.Json;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Http.Jobs;

/// <summary>A payload as people may see it.</summary>
/// <param name="Json">Without credentials among headers; null: there is none to show.</param>
/// <param name="Note">Why it is not shown.</param>
internal readonly record struct ShownPayload(JsonElement? Json, string? Note)
{
    /// <summary>Largest payload that is shown.</summary>
    private const int MaxShown = 256 * 1024;

    /// <summary>Of a job on record. One that is kept in a blob is named only: who polls a job would have it read each time.</summary>
    public static ShownPayload Of(JobRecord record) => record.Spec.PayloadInBlob
        ? new ShownPayload(null, $"the payload is kept in the blob {PayloadName.Payload(record.Id)}")
        : Of(record.Spec.Payload);

    /// <summary>From the blob, where it is kept there.</summary>
    public static async Task<ShownPayload> OfAsync(JobId job, JobSpec spec, IPayloadStore payloads, CancellationToken cancellationToken)
    {
        if (!spec.PayloadInBlob)
            return Of(spec.Payload);
        var blob = PayloadName.Payload(job);
        if (await payloads.ReadAsync(blob, cancellationToken) is not { } payload)
            return new ShownPayload(null, $"the payload was kept in the blob {blob}, which is gone");
        return payload.Length > MaxShown
            ? new ShownPayload(null, $"the payload has {payload.Length} bytes and is kept in the blob {blob}")
            : Of(payload);
    }

    private static ShownPayload Of(ReadOnlyMemory<byte> payload)
    {
        if (payload.IsEmpty)
            return default;
        try
        {
            var json = JsonElement.Parse(RedactedJson.Of(payload).Span);
            // Written to see whether it can be: half a surrogate pair is read, but not written.
            JsonSerializer.SerializeToUtf8Bytes(json);
            return new ShownPayload(json, null);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return new ShownPayload(null, $"the payload can't be shown as JSON: {e.Message}");
        }
    }
}
