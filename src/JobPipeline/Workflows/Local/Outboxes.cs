using JobPipeline.Workflows.Machine;

namespace JobPipeline.Workflows.Local;

/// <summary>Selects the effects of an outbox that are still relevant.</summary>
internal static class Outboxes
{
    /// <summary>
    /// Returns the relevant effects. Once a workflow instance has ended, only effects that report or carry out its end are
    /// relevant: nothing is started or awaited any more. A completed workflow instance also stores event payloads, because its
    /// output may use them.
    /// </summary>
    public static IReadOnlyList<WorkflowEffect> Relevant(WorkflowState state, IReadOnlyList<WorkflowEffect> effects) =>
        !state.Status.IsTerminal() ? effects : [.. effects.Where(effect => IsRelevant(state.Status, effect))];

    private static bool IsRelevant(WorkflowStatus ended, WorkflowEffect effect) =>
        effect is WorkflowEffect.Stop or WorkflowEffect.End || (effect is WorkflowEffect.TakeEvent && ended == WorkflowStatus.Completed);
}
