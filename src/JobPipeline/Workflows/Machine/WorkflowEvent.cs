using System.Text.Json.Serialization;
using JobPipeline.Jobs;

namespace JobPipeline.Workflows.Machine;

/// <summary>
/// An event of a workflow instance: a closed set. Events contain ids and counts; outputs and the payloads of external events are
/// stored separately. Events may arrive late, repeatedly or out of order.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(Started), "started")]
[JsonDerivedType(typeof(ItemsExpanded), "itemsExpanded")]
[JsonDerivedType(typeof(Succeeded), "succeeded")]
[JsonDerivedType(typeof(Failed), "failed")]
[JsonDerivedType(typeof(Deferred), "deferred")]
[JsonDerivedType(typeof(NotStarted), "notStarted")]
[JsonDerivedType(typeof(SliceEnded), "sliceEnded")]
[JsonDerivedType(typeof(HaltRequested), "haltRequested")]
[JsonDerivedType(typeof(OutputFailed), "outputFailed")]
[JsonDerivedType(typeof(TimerFired), "timerFired")]
[JsonDerivedType(typeof(Raised), "raised")]
[JsonDerivedType(typeof(CancelRequested), "cancelRequested")]
[JsonDerivedType(typeof(TerminateRequested), "terminateRequested")]
[JsonDerivedType(typeof(SuspendRequested), "suspendRequested")]
[JsonDerivedType(typeof(ResumeRequested), "resumeRequested")]
internal abstract record WorkflowEvent
{
    private WorkflowEvent()
    {
    }

    /// <summary>The workflow instance starts.</summary>
    public sealed record Started : WorkflowEvent;

    /// <summary>The list of a fan-out was evaluated.</summary>
    public sealed record ItemsExpanded(StepRun Run, int Count) : WorkflowEvent
    {
        /// <summary>The number of items that may run one after the other as one pack; 0 for a fan-out without packs.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public int PerPack { get; init; }
    }

    /// <summary>An attempt succeeded, and its output is stored.</summary>
    public sealed record Succeeded(StepRun Run) : WorkflowEvent;

    /// <summary>An attempt failed.</summary>
    /// <param name="Run">The step attempt.</param>
    /// <param name="Error">A description of the failure.</param>
    /// <param name="IsPermanent">Whether a further attempt can't succeed.</param>
    public sealed record Failed(StepRun Run, string Error, bool IsPermanent) : WorkflowEvent;

    /// <summary>An attempt was deferred. It doesn't count as a further attempt.</summary>
    public sealed record Deferred(StepRun Run, DateTimeOffset Until) : WorkflowEvent;

    /// <summary>An item was not started, because its pack ended before its turn came.</summary>
    public sealed record NotStarted(StepRun Run) : WorkflowEvent;

    /// <summary>A slice of a fan-out ended.</summary>
    /// <param name="Run">The slice, named by its first item.</param>
    /// <param name="Done">The number of its items that succeeded.</param>
    /// <param name="Attempts">The highest number of attempts of an item.</param>
    /// <param name="Error">
    /// Why the slice starts no further items; null if all of its items are done, or if it was requested to stop.
    /// </param>
    public sealed record SliceEnded(StepRun Run, int Done, int Attempts, string? Error) : WorkflowEvent;

    /// <summary>Requests a slice to start no further items and to let its running items finish.</summary>
    public sealed record HaltRequested : WorkflowEvent;

    /// <summary>The workflow instance completed, but its output could not be evaluated or stored.</summary>
    /// <param name="Error">A description of the failure.</param>
    public sealed record OutputFailed(string Error) : WorkflowEvent;

    public sealed record TimerFired(StepRun Run, TimerPurpose Purpose) : WorkflowEvent;

    /// <summary>An external event was raised.</summary>
    /// <param name="Name">The name of the event.</param>
    /// <param name="Id">The id under which the payload is stored; the same for a repeated event.</param>
    public sealed record Raised(string Name, string Id) : WorkflowEvent
    {
        /// <summary>The W3C trace context of the caller that raised the event.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? TraceParent { get; init; }
    }

    /// <summary>Requests to cancel the workflow instance and to compensate its completed steps.</summary>
    /// <param name="Reason">The reason for the request.</param>
    /// <param name="Id">
    /// The id of the request: a repeated request with the same id is ignored. Null if the request can't be repeated.
    /// </param>
    public sealed record CancelRequested(string Reason, string? Id = null) : WorkflowEvent;

    /// <summary>Requests to terminate the workflow instance at once, without compensation.</summary>
    /// <inheritdoc cref="CancelRequested" path="/param"/>
    public sealed record TerminateRequested(string Reason, string? Id = null) : WorkflowEvent;

    /// <summary>Requests to suspend the workflow instance: nothing new is started.</summary>
    /// <inheritdoc cref="CancelRequested" path="/param"/>
    public sealed record SuspendRequested(string Reason, string? Id = null) : WorkflowEvent;

    /// <inheritdoc cref="CancelRequested" path="/param[@name='Id']"/>
    public sealed record ResumeRequested(string? Id = null) : WorkflowEvent;

    /// <summary>
    /// Returns a request with an id, because a request may be delivered again after the one that followed it. A request that has
    /// an id, and any other event, is returned unchanged.
    /// </summary>
    public WorkflowEvent WithId(string id) => this switch
    {
        CancelRequested { Id: null } cancel => cancel with { Id = id },
        TerminateRequested { Id: null } terminate => terminate with { Id = id },
        SuspendRequested { Id: null } suspend => suspend with { Id = id },
        ResumeRequested { Id: null } resume => resume with { Id = id },
        _ => this,
    };
}
