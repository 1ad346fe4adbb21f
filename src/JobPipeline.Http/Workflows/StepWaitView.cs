using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Http.Workflows;

/// <summary>What a running step waits for.</summary>
/// <param name="Kind">An event, its time, or its next attempt.</param>
/// <param name="Event">The name of the event.</param>
/// <param name="Until">When it goes on, or for an event gives up; absent: never by itself.</param>
public sealed record StepWaitView(StepWaitKind Kind, string? Event, DateTimeOffset? Until)
{
    /// <summary>Null: it does not wait, or not here; what its job waits for the job tells.</summary>
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

/// <summary>What a step waits for.</summary>
public enum StepWaitKind
{
    Event,
    Delay,
    NextAttempt,
}
