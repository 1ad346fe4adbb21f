using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Maintenance.Gauges;

/// <summary>Decides whether a workflow instance makes progress.</summary>
internal static class WorkflowProgress
{
    /// <summary>
    /// Returns whether it has made no progress for long although no step waits for an event, a time, or a child workflow, which is
    /// checked separately.
    /// </summary>
    public static bool IsStuck(WorkflowInstance instance, DateTimeOffset now, TimeSpan after)
    {
        var state = instance.State;
        if (state.Status.IsTerminal() || state.IsSuspended || state.UpdatedAt + after > now)
            return false;
        return !instance.Definition.Steps
            .Zip(state.Steps)
            .Any(step => step.Second.Status == StepStatus.Running && MayWait(step.First.Action, step.Second, now));
    }

    private static bool MayWait(StepAction action, StepState step, DateTimeOffset now) =>
        action is WaitAction or DelayAction or ChildAction or ForEachAction { Each: ChildAction }
        || step.Slots.Any(slot => slot.StartAt > now);
}
