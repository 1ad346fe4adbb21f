namespace JobPipeline.Workflows.Machine;

/// <summary>What remains to be done of the effects of several events that were applied together.</summary>
internal static class NetEffects
{
    /// <summary>
    /// Returns the effects without attempts that have ended meanwhile, and without timers that were cancelled. Every attempt that runs
    /// outside is among them, if it was when it started.
    /// </summary>
    public static IReadOnlyList<WorkflowEffect> Of(WorkflowPlan plan, WorkflowState state, IEnumerable<WorkflowEffect> effects)
    {
        var turn = new Turn(plan, state, state.UpdatedAt);
        var net = new List<WorkflowEffect>();
        foreach (var effect in effects)
        {
            if (effect is WorkflowEffect.Run { Attempt: var attempt } && !IsOutside(turn, attempt))
                continue;
            if (effect is WorkflowEffect.CancelTimer cancel && net.RemoveAll(earlier => IsSetBy(earlier, cancel)) > 0)
                continue;
            net.Add(effect);
        }

        return net;
    }

    private static bool IsOutside(Turn turn, Jobs.StepRun run) =>
        turn.Find(run) is ({ } place, { } slot) && turn.IsOutside(place, slot);

    private static bool IsSetBy(WorkflowEffect effect, WorkflowEffect.CancelTimer cancel) =>
        effect is WorkflowEffect.SetTimer set && set.Attempt == cancel.Attempt && set.Purpose == cancel.Purpose;
}
