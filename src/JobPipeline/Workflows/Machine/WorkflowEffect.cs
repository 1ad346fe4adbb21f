using System.Text.Json.Serialization;
using JobPipeline.Jobs;

namespace JobPipeline.Workflows.Machine;

/// <summary>
/// An action that the machine requests: a closed set. Effects are idempotent, because the ids of whatever they create are derived
/// from the effect.
/// </summary>
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
internal abstract record WorkflowEffect
{
    private WorkflowEffect()
    {
    }

    /// <summary>Runs the job or the child workflow of a step attempt. Answered by succeeded, failed or deferred.</summary>
    /// <param name="Attempt">The step attempt.</param>
    /// <param name="At">When the attempt was first sent; ids are derived from it.</param>
    /// <param name="Deadline">When the attempt times out; null for no limit.</param>
    public sealed record Run(StepRun Attempt, DateTimeOffset At, DateTimeOffset? Deadline) : WorkflowEffect
    {
        /// <inheritdoc cref="Slot.Pack"/>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public int? Pack { get; init; }
    }

    /// <summary>Runs some items of a fan-out (<see cref="WorkflowSlice"/>). Answered by slice ended.</summary>
    /// <param name="Attempt">The slice, named by its first item.</param>
    /// <param name="Count">The number of items.</param>
    /// <param name="MaxParallel">
    /// The maximum number of items that run in parallel: the slice's share of the limit of the fan-out.
    /// </param>
    public sealed record RunSlice(StepRun Attempt, int Count, int MaxParallel) : WorkflowEffect;

    /// <summary>Requests a slice not to start further items.</summary>
    public sealed record Halt(StepRun Attempt) : WorkflowEffect;

    /// <summary>
    /// Stops an attempt if it is still running. The answer is awaited only while the workflow is being cancelled.
    /// </summary>
    /// <param name="Attempt">The step attempt.</param>
    /// <param name="At">When the attempt was first sent.</param>
    /// <param name="IsAbrupt">Whether a child workflow is terminated, without compensation.</param>
    public sealed record Stop(StepRun Attempt, DateTimeOffset At, bool IsAbrupt = false) : WorkflowEffect;

    /// <summary>Evaluates the list of a fan-out and stores its items. Answered by items expanded or failed.</summary>
    public sealed record Expand(StepRun Attempt) : WorkflowEffect;

    public sealed record SetTimer(StepRun Attempt, TimerPurpose Purpose, DateTimeOffset At) : WorkflowEffect;

    /// <summary>Cancels a timer that is no longer needed. If it fires nevertheless, it is ignored.</summary>
    public sealed record CancelTimer(StepRun Attempt, TimerPurpose Purpose) : WorkflowEffect;

    /// <summary>Stores the payload of an event as the step's output.</summary>
    public sealed record TakeEvent(StepRun Attempt, string EventId) : WorkflowEffect
    {
        /// <inheritdoc cref="WorkflowEvent.Raised.TraceParent"/>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? TraceParent { get; init; }
    }

    /// <summary>Ends the workflow instance.</summary>
    public sealed record End(WorkflowStatus Status, string? Reason) : WorkflowEffect;
}
