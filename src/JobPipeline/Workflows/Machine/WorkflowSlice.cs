using JobPipeline.Jobs;
using JobPipeline.Workflows.Definitions;

namespace JobPipeline.Workflows.Machine;

/// <summary>
/// Some items of a fan-out, as an instance of its own: the one step, with so many items at a time, begun at the slice's
/// first item. It keeps the id of the whole, so that its jobs have the same ids as without slices.
/// </summary>
/// <param name="Run">The slice: that of its first item.</param>
/// <param name="Count">How many items.</param>
/// <param name="MaxParallel">How many of them at a time.</param>
public sealed record WorkflowSlice(StepRun Run, int Count, int MaxParallel)
{
    private int First => Run.Item ?? 0;

    /// <summary>What of the whole's definition it runs.</summary>
    public WorkflowDefinition Of(WorkflowDefinition whole)
    {
        var step = whole.Steps.First(step => step.Id == Run.Step);
        return whole with
        {
            Output = null,
            Steps = [step with { Needs = [], When = TriggerRule.AllSucceeded, Compensate = null, Action = (ForEachAction)step.Action with { MaxParallel = MaxParallel } }],
        };
    }

    /// <summary>Its state before the first event, <see cref="WorkflowEvent.Started"/>.</summary>
    /// <param name="whole">The state of the whole, or what is known of it: id, times and version count.</param>
    /// <param name="now">The time.</param>
    public WorkflowState Create(WorkflowState whole, DateTimeOffset now) => new()
    {
        MachineVersion = whole.MachineVersion,
        Instance = whole.Instance,
        Generation = Run.Generation,
        CreatedAt = whole.CreatedAt,
        UpdatedAt = now,
        Steps = [new StepState { Status = StepStatus.Running, StartedAt = now, Items = First + Count, Begun = First, Done = First }],
    };

    /// <summary>What the whole is told, once the slice has ended.</summary>
    public WorkflowEvent.SliceEnded Ended(WorkflowState state) => new(
        Run,
        state.Steps[0].Done - First,
        state.Steps[0].Attempts,
        state.Status switch
        {
            WorkflowStatus.Completed => null,
            WorkflowStatus.Failed => state.Steps[0].Error ?? "another item failed",
            _ => $"its items from {First} on were stopped",
        });
}
