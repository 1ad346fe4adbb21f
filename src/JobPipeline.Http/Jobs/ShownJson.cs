using System.Text.Json;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Http.Jobs;

/// <summary>
/// Parses a stored value for a response. A value that can't be shown must not prevent the rest of the response from being
/// shown.
/// </summary>
internal static class ShownJson
{
    /// <summary>Gets the value, null if it is empty, or a text that explains why it can't be shown.</summary>
    public static JsonElement? Of(ReadOnlyMemory<byte> stored)
    {
        if (stored.IsEmpty)
            return null;
        try
        {
            var value = JobJson.Parse(stored.Span);
            // Serialized as a check: an unpaired surrogate can be read, but not written.
            JsonSerializer.SerializeToUtf8Bytes(value, JobJson.Options);
            return value;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return JsonSerializer.SerializeToElement($"The stored value can't be shown as JSON: {e.Message}");
        }
    }
}
