using System.Text.Json;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Workflows.Instances;

/// <summary>
/// The bounds of a value that a workflow is given or makes: an input, what an event carries, a payload, an item, an output. Within
/// them it can be stored, read back, put into another value and shown. They are those of a job's payload.
/// </summary>
public static class WorkflowValue
{
    /// <summary>The deepest nesting, in levels.</summary>
    public const int MaxDepth = PayloadJson.MaxDepth;

    /// <summary>The largest value, in bytes of UTF-8.</summary>
    public const int MaxBytes = IWorkflowData.MaxBytes;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>What keeps a value from being accepted, as a phrase that follows its name; null for nothing. Empty is no value, and accepted.</summary>
    /// <param name="json">The value: UTF-8 JSON.</param>
    public static string? FaultOf(ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty)
            return null;
        if (json.Length > MaxBytes)
            return $"has {json.Length} bytes; at most {MaxBytes} are accepted. Put the data into a blob and pass its name";
        return JsonText.FaultOf(json.Span, MaxDepth) ?? FaultOfMembers(json);
    }

    /// <summary>Refuses a value that is out of bounds.</summary>
    /// <param name="json">The value.</param>
    /// <param name="name">What it is, for the message.</param>
    /// <exception cref="MessageFormatException">It is out of bounds; the message says why.</exception>
    public static void Check(ReadOnlyMemory<byte> json, string name)
    {
        if (FaultOf(json) is { } fault)
            throw new MessageFormatException($"{name} {fault}");
    }

    private static string? FaultOfMembers(ReadOnlyMemory<byte> json)
    {
        try
        {
            JsonDocument.Parse(json, Options).Dispose();
            return null;
        }
        catch (JsonException e)
        {
            return $"is not accepted: {e.Message}";
        }
    }
}
