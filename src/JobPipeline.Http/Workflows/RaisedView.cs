using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Http.Workflows;

/// <summary>The result of raising an event.</summary>
/// <param name="Instance">The id of the workflow instance.</param>
/// <param name="Event">The name of the event.</param>
/// <param name="Outcome">Whether a step is waiting for the event.</param>
/// <param name="Step">The step that takes the event; absent if every step that waits for it has ended.</param>
/// <param name="Detail">A description of the result.</param>
internal sealed record RaisedView(string Instance, string Event, RaisedOutcome Outcome, string? Step, string Detail)
{
    /// <param name="instance">The workflow instance before the event.</param>
    /// <param name="name">The name of the event.</param>
    internal static RaisedView Of(WorkflowInstance instance, string name)
    {
        var waits = instance.Definition.Steps.Zip(instance.State.Steps)
            .Where(step => step.First.Action is WaitAction wait && wait.Event == name).ToList();
        var waiting = waits.Find(step => step.Second.Status == StepStatus.Running).First;
        if (waiting is not null)
            return new RaisedView(instance.Id, name, RaisedOutcome.Delivered, waiting.Id, $"Step '{waiting.Id}' is waiting for the event.");
        var next = waits.Find(step => !step.Second.Status.IsDone()).First;
        return new RaisedView(
            instance.Id,
            name,
            RaisedOutcome.Kept,
            next?.Id,
            next is null
                ? "The event is stored, but every step that waits for it has ended; only a rerun can take it."
                : $"The event is stored until step '{next.Id}' waits for it.");
    }
}

/// <summary>Whether a raised event was delivered or stored.</summary>
internal enum RaisedOutcome
{
    /// <summary>A step was waiting for the event.</summary>
    Delivered,

    /// <summary>The workflow instance stores the event for a step that will wait for it.</summary>
    Kept,
}
