using System.Text.Json;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Http.Jobs;

/// <summary>A stored value in an answer, whatever was stored: one that can't be shown must not keep the rest from being shown.</summary>
internal static class ShownJson
{
    /// <summary>The value, null for nothing, or a text that says why it can't be shown.</summary>
    public static JsonElement? Of(ReadOnlyMemory<byte> stored)
    {
        if (stored.IsEmpty)
            return null;
        try
        {
            var value = JobJson.Parse(stored.Span);
            // Written to see whether it can be: half a surrogate pair is read, but not written.
            JsonSerializer.SerializeToUtf8Bytes(value, JobJson.Options);
            return value;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return JsonSerializer.SerializeToElement($"The stored value can't be shown as JSON: {e.Message}");
        }
    }
}
