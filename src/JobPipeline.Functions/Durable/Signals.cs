using System.Text.Json;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Functions.Durable;

/// <summary>
/// The requests and events sent to a running orchestration from outside. They use a single kind of external event, so that one
/// waiter receives them in order.
/// </summary>
internal static class Signals
{
    /// <summary>The name of the external event.</summary>
    public const string Name = "workflow-signal";

    /// <summary>A signal without content.</summary>
    public const string Nudge = "";

    /// <summary>Reads a signal; null if it has no content or is not valid.</summary>
    public static WorkflowEvent? Read(string? signal)
    {
        try
        {
            return string.IsNullOrEmpty(signal) ? null : OrchestrationJson.Read<WorkflowEvent>(signal);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
