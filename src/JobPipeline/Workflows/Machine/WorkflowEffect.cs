using System.Text.Json.Serialization;
using JobPipeline.Jobs;

namespace JobPipeline.Workflows.Machine;

/// <summary>What the machine wants done: a closed set. Doing one twice is the same as doing it once: what it makes has an id that derives from it.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "effect")]
[JsonDerivedType(typeof(Run), "run")]
[JsonDerivedType(typeof(RunSlice), "runSlice")]
[JsonDerivedType(typeof(Halt), "halt")]
[JsonDerivedType(typeof(Stop), "stop")]
[JsonDerivedType(typeof(Expand), "expand")]
[JsonDerivedType(typeof(SetTimer), "setTimer")]
[JsonDerivedType(typeof(CancelTimer), "cancelTimer")]
[JsonDerivedType(typeof(TakeEvent), "takeEvent")]
[JsonDerivedType(typeof(End), "end")]
public abstract record WorkflowEffect
{
    private WorkflowEffect()
    {
    }

    /// <summary>Run the job or the child of an attempt. Answer: succeeded, failed or deferred.</summary>
    /// <param name="Attempt">The attempt.</param>
    /// <param name="At">When it was first sent on its way: ids derive from it.</param>
    /// <param name="Deadline">When it is given up; null: never.</param>
    public sealed record Run(StepRun Attempt, DateTimeOffset At, DateTimeOffset? Deadline) : WorkflowEffect;

    /// <summary>Run items of a fan-out (<see cref="WorkflowSlice"/>). Answer: slice ended.</summary>
    /// <param name="Attempt">The slice: that of its first item.</param>
    /// <param name="Count">How many items.</param>
    /// <param name="MaxParallel">How many of them at a time: its share of the fan-out's bound.</param>
    public sealed record RunSlice(StepRun Attempt, int Count, int MaxParallel) : WorkflowEffect;

    /// <summary>Tell a slice to begin no further item.</summary>
    public sealed record Halt(StepRun Attempt) : WorkflowEffect;

    /// <summary>Stop it, if it still runs; nobody waits for an answer unless the workflow is being cancelled.</summary>
    /// <param name="Attempt">The attempt.</param>
    /// <param name="At">When it was sent on its way.</param>
    /// <param name="IsAbrupt">True: a child stops without undoing what it did.</param>
    public sealed record Stop(StepRun Attempt, DateTimeOffset At, bool IsAbrupt = false) : WorkflowEffect;

    /// <summary>Work out the list of a fan-out and keep it. Answer: expanded or failed.</summary>
    public sealed record Expand(StepRun Attempt) : WorkflowEffect;

    public sealed record SetTimer(StepRun Attempt, TimerPurpose Purpose, DateTimeOffset At) : WorkflowEffect;

    /// <summary>The timer is not needed any more; one that fires all the same is ignored.</summary>
    public sealed record CancelTimer(StepRun Attempt, TimerPurpose Purpose) : WorkflowEffect;

    /// <summary>What the event carried is the step's output.</summary>
    public sealed record TakeEvent(StepRun Attempt, string EventId) : WorkflowEffect
    {
        /// <inheritdoc cref="WorkflowEvent.Raised.TraceParent"/>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? TraceParent { get; init; }
    }

    /// <summary>The instance has ended.</summary>
    public sealed record End(WorkflowStatus Status, string? Reason) : WorkflowEffect;
}
