using System.Text.Json;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Functions.Durable;

/// <summary>Everything that is told to a running orchestration from outside comes as one kind of external event, so that one waiter takes them in their order.</summary>
internal static class Signals
{
    /// <summary>The external event's name.</summary>
    public const string Name = "workflow-signal";

    /// <summary>Says nothing.</summary>
    public const string Nudge = "";

    /// <summary>Null for what says nothing, or can't be understood.</summary>
    public static WorkflowEvent? Read(string? signal)
    {
        try
        {
            return string.IsNullOrEmpty(signal) ? null : Wire.Read<WorkflowEvent>(signal);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
