using JobPipeline.Workflows.Machine;

namespace JobPipeline.Workflows.Local;

/// <summary>What of an outbox still matters.</summary>
internal static class Outboxes
{
    /// <summary>
    /// Of an instance that has ended: what tells others of the end. What was to be begun is not, and what was to be waited for is not
    /// waited for. The output may use what an event carried.
    /// </summary>
    public static IReadOnlyList<WorkflowEffect> Relevant(WorkflowState state, IReadOnlyList<WorkflowEffect> effects) => !state.Status.IsTerminal()
        ? effects
        : [.. effects.Where(effect => IsRelevant(state.Status, effect))];

    private static bool IsRelevant(WorkflowStatus ended, WorkflowEffect effect) =>
        effect is WorkflowEffect.Stop or WorkflowEffect.End || (effect is WorkflowEffect.TakeEvent && ended == WorkflowStatus.Completed);
}
