using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Http.Workflows;

/// <summary>What became of an event that was raised.</summary>
/// <param name="Instance">The instance.</param>
/// <param name="Event">The event's name.</param>
/// <param name="Outcome">Whether a step waits for it.</param>
/// <param name="Step">The step that takes it; absent: each step that waits for such an event has ended.</param>
/// <param name="Detail">The same for people.</param>
public sealed record RaisedView(string Instance, string Event, RaisedOutcome Outcome, string? Step, string Detail)
{
    /// <param name="instance">The instance, as it was before.</param>
    /// <param name="name">The event's name.</param>
    internal static RaisedView Of(WorkflowInstance instance, string name)
    {
        var waits = instance.Definition.Steps.Zip(instance.State.Steps)
            .Where(step => step.First.Action is WaitAction wait && wait.Event == name).ToList();
        var waiting = waits.Find(step => step.Second.Status == StepStatus.Running).First;
        if (waiting is not null)
            return new RaisedView(instance.Id, name, RaisedOutcome.Delivered, waiting.Id, $"Step '{waiting.Id}' waits for it.");
        var next = waits.Find(step => !step.Second.Status.IsDone()).First;
        return new RaisedView(
            instance.Id,
            name,
            RaisedOutcome.Kept,
            next?.Id,
            next is null
                ? "It is kept, but each step that waits for such an event has ended: only a rerun could take it."
                : $"It is kept until step '{next.Id}' waits for it.");
    }
}

/// <summary>Where an event goes.</summary>
public enum RaisedOutcome
{
    /// <summary>To a step that waits for it.</summary>
    Delivered,

    /// <summary>To the instance, which keeps it for a step that will wait for it.</summary>
    Kept,
}
