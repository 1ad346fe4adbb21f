using JobPipeline.Workflows.Definitions;

namespace JobPipeline.Workflows.Machine;

/// <summary>
/// Decides which steps may run one after the other as one strand: a chain of quick jobs while nothing else of the workflow instance
/// runs or waits, so that no event of another step can come in between.
/// </summary>
internal static class StrandRules
{
    public const int MaxSteps = 50;

    /// <summary>
    /// Returns the steps that run if each of them succeeds, with the state in which each starts; empty if they are fewer than two.
    /// The strand starts with the step that <paramref name="effects"/> run.
    /// </summary>
    /// <param name="plan">The plan of the definition.</param>
    /// <param name="state">The state.</param>
    /// <param name="effects">The effects that led to the state.</param>
    /// <param name="quick">The job types that are expected to be quick.</param>
    /// <param name="idsAt">The time from which the ids of all but the first step are derived.</param>
    public static IReadOnlyList<(WorkflowEffect.Run Run, WorkflowState State)> PlanOf(
        WorkflowPlan plan,
        WorkflowState state,
        IReadOnlyList<WorkflowEffect> effects,
        IReadOnlyCollection<string> quick,
        DateTimeOffset idsAt)
    {
        var steps = new List<(WorkflowEffect.Run Run, WorkflowState State)>();
        while (steps.Count < MaxSteps && FindOnly(plan, state, effects, quick) is { } run)
        {
            // Another effect, such as an event to store, has to be carried out before the step.
            if (steps.Count > 0 && effects.Count > 1)
                break;
            steps.Add((run, state));
            (state, effects) = WorkflowMachine.Evolve(plan, state, new WorkflowEvent.Succeeded(run.Attempt), state.UpdatedAt, idsAt);
        }

        return steps.Count > 1 ? steps : [];
    }

    /// <summary>Returns the attempt that starts if it is the only thing that the workflow instance does, and quick.</summary>
    private static WorkflowEffect.Run? FindOnly(
        WorkflowPlan plan, WorkflowState state, IReadOnlyList<WorkflowEffect> effects, IReadOnlyCollection<string> quick)
    {
        if (state is not { Status: WorkflowStatus.Running, IsSuspended: false } || state.Steps.Sum(step => step.Slots.Length) != 1)
            return null;
        var run = effects.OfType<WorkflowEffect.Run>().FirstOrDefault();
        return run is { Attempt: { Item: null, IsCompensation: false, Deferrals: 0 } attempt }
            && plan.Find(attempt.Step) is { } place
            // A time limit counts from when the attempt is sent, and its timer belongs to the orchestration.
            && plan[place] is { Timeout: null, Action: JobAction job }
            && quick.Contains(job.Type, StringComparer.Ordinal)
            ? run
            : null;
    }
}
