using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Http.Workflows;

/// <summary>What a running step is waiting for.</summary>
/// <param name="Kind">Whether it is waiting for an event, a delay, or its next attempt.</param>
/// <param name="Event">The name of the event.</param>
/// <param name="Until">When the wait ends, or times out in the case of an event; absent if there is no time limit.</param>
internal sealed record StepWaitView(StepWaitKind Kind, string? Event, DateTimeOffset? Until)
{
    /// <summary>
    /// Gets what the step is waiting for, or null if it is not waiting itself. The job's own view shows what its job is waiting
    /// for.
    /// </summary>
    internal static StepWaitView? Of(WorkflowStep step, StepState state) => (step.Action, state) switch
    {
        (WaitAction wait, { Status: StepStatus.Running }) => new(StepWaitKind.Event, wait.Event, state.Slots.FirstOrDefault()?.Deadline),
        (DelayAction delay, { Status: StepStatus.Running }) => new(StepWaitKind.Delay, null, state.StartedAt + delay.Duration),
        (_, { Status: StepStatus.Expanding or StepStatus.Running or StepStatus.Compensating, Slots.IsEmpty: false })
            when state.Slots.All(slot => slot.StartAt is not null) =>
                new(StepWaitKind.NextAttempt, null, state.Slots.Min(slot => slot.StartAt)),
        _ => null,
    };
}

/// <summary>The kind of wait of a step.</summary>
internal enum StepWaitKind
{
    Event,
    Delay,
    NextAttempt,
}
