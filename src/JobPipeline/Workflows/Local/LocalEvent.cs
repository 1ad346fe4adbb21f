using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Workflows.Local;

/// <summary>An event for a workflow instance of the local runner.</summary>
/// <param name="Event">The event.</param>
/// <param name="TraceParent">The W3C trace context of the event's cause.</param>
internal sealed record LocalEvent(WorkflowEvent Event, string? TraceParent)
{
    /// <summary>The queue message that carries the event; null if the end of a step's job does.</summary>
    public string? MessageId { get; init; }

    /// <summary>The output that is stored if the event, a success, counts.</summary>
    public StepOutput? Output { get; init; }

    /// <summary>
    /// Whether the event may have been delivered before. Its earlier receiver may have died between the save and the effects, so all
    /// effects in the outbox are sent.
    /// </summary>
    public bool IsRedelivery { get; init; }
}
