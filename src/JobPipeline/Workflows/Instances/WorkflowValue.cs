using System.Text.Json;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Workflows.Instances;

/// <summary>
/// The limits of the values of a workflow: an input, an event payload, a job payload, an item or an output. A value within the
/// limits can be stored, read back, embedded in another value and displayed. They are the same as the limits of a job's payload.
/// </summary>
internal static class WorkflowValue
{
    /// <summary>The maximum nesting depth, in levels.</summary>
    public const int MaxDepth = PayloadJson.MaxDepth;

    /// <summary>The maximum size of a value, in bytes of UTF-8.</summary>
    public const int MaxBytes = IWorkflowData.MaxBytes;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>
    /// Returns why a value is rejected, as a phrase to follow the name of the value, or null if it is accepted. An empty value is
    /// accepted.
    /// </summary>
    /// <param name="json">The value in UTF-8 JSON.</param>
    public static string? ErrorOf(ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty)
            return null;
        if (json.Length > MaxBytes)
            return $"has {json.Length} bytes; at most {MaxBytes} are accepted. Put the data into a blob and pass its name";
        return JsonText.ErrorOf(json.Span, MaxDepth) ?? ErrorOfMembers(json);
    }

    /// <summary>Throws if a value exceeds the limits.</summary>
    /// <param name="json">The value.</param>
    /// <param name="name">The name of the value, used in the message.</param>
    /// <exception cref="MessageFormatException">The value exceeds the limits; the message states why.</exception>
    public static void Check(ReadOnlyMemory<byte> json, string name)
    {
        if (ErrorOf(json) is { } error)
            throw new MessageFormatException($"{name} {error}");
    }

    private static string? ErrorOfMembers(ReadOnlyMemory<byte> json)
    {
        try
        {
            JsonDocument.Parse(json, Options).Dispose();
            return null;
        }
        catch (JsonException e)
        {
            return $"is not valid: {e.Message}";
        }
    }
}
