using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Maintenance.Gauges;

/// <summary>Tells whether a workflow gets on.</summary>
internal static class WorkflowProgress
{
    /// <summary>
    /// True for one that has not moved for long though nothing in it waits for an event, for a time, or for a child, which is
    /// looked at by itself.
    /// </summary>
    public static bool IsStuck(WorkflowInstance instance, DateTimeOffset now, TimeSpan after)
    {
        var state = instance.State;
        if (state.Status.IsTerminal() || state.IsSuspended || state.UpdatedAt + after > now)
            return false;
        return !instance.Definition.Steps.Zip(state.Steps).Any(step => step.Second.Status == StepStatus.Running && MayWait(step.First.Action, step.Second, now));
    }

    private static bool MayWait(StepAction action, StepState step, DateTimeOffset now) =>
        action is WaitAction or DelayAction or ChildAction or ForEachAction { Each: ChildAction } || step.Slots.Any(slot => slot.StartAt > now);
}
