using System.Text.Json.Serialization;
using JobPipeline.Jobs;

namespace JobPipeline.Workflows.Machine;

/// <summary>
/// What can happen to a workflow: a closed set. Events hold ids and counts; outputs and the payloads of events from
/// outside are kept apart. Any of them may come late, twice or in another order.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(Started), "started")]
[JsonDerivedType(typeof(ItemsExpanded), "itemsExpanded")]
[JsonDerivedType(typeof(Succeeded), "succeeded")]
[JsonDerivedType(typeof(Failed), "failed")]
[JsonDerivedType(typeof(Deferred), "deferred")]
[JsonDerivedType(typeof(SliceEnded), "sliceEnded")]
[JsonDerivedType(typeof(HaltRequested), "haltRequested")]
[JsonDerivedType(typeof(OutputFailed), "outputFailed")]
[JsonDerivedType(typeof(TimerFired), "timerFired")]
[JsonDerivedType(typeof(Raised), "raised")]
[JsonDerivedType(typeof(CancelRequested), "cancelRequested")]
[JsonDerivedType(typeof(TerminateRequested), "terminateRequested")]
[JsonDerivedType(typeof(SuspendRequested), "suspendRequested")]
[JsonDerivedType(typeof(ResumeRequested), "resumeRequested")]
public abstract record WorkflowEvent
{
    private WorkflowEvent()
    {
    }

    /// <summary>Sets it in motion.</summary>
    public sealed record Started : WorkflowEvent;

    /// <summary>The list of a fan-out is known.</summary>
    public sealed record ItemsExpanded(StepRun Run, int Count) : WorkflowEvent;

    /// <summary>An attempt succeeded and its output is kept.</summary>
    public sealed record Succeeded(StepRun Run) : WorkflowEvent;

    /// <summary>An attempt failed.</summary>
    /// <param name="Run">The attempt.</param>
    /// <param name="Error">What happened, for people.</param>
    /// <param name="IsPermanent">True: another attempt can't help.</param>
    public sealed record Failed(StepRun Run, string Error, bool IsPermanent) : WorkflowEvent;

    /// <summary>An attempt was told to come back later; it is not used up.</summary>
    public sealed record Deferred(StepRun Run, DateTimeOffset Until) : WorkflowEvent;

    /// <summary>A slice of a fan-out has come to its end.</summary>
    /// <param name="Run">The slice: that of its first item.</param>
    /// <param name="Done">How many of its items succeeded.</param>
    /// <param name="Attempts">The most attempts of one item.</param>
    /// <param name="Error">Why it begins no further item, for people; null: all are done, or it was told to stop.</param>
    public sealed record SliceEnded(StepRun Run, int Done, int Attempts, string? Error) : WorkflowEvent;

    /// <summary>To a slice: begin no further item, let those that run come to their end.</summary>
    public sealed record HaltRequested : WorkflowEvent;

    /// <summary>The instance has completed, and its output can't be worked out.</summary>
    /// <param name="Error">Why, for people.</param>
    public sealed record OutputFailed(string Error) : WorkflowEvent;

    public sealed record TimerFired(StepRun Run, TimerPurpose Purpose) : WorkflowEvent;

    /// <summary>Somebody outside raised an event.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Id">Under which its payload is kept; a repeated event has the same.</param>
    public sealed record Raised(string Name, string Id) : WorkflowEvent
    {
        /// <summary>W3C trace context of whoever raised it.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? TraceParent { get; init; }
    }

    /// <summary>Stop, and undo what was done.</summary>
    /// <param name="Reason">Why, for people.</param>
    /// <param name="Id">A request that comes again under the same id is ignored; null where none can.</param>
    public sealed record CancelRequested(string Reason, string? Id = null) : WorkflowEvent;

    /// <summary>Stop at once; nothing is undone.</summary>
    /// <inheritdoc cref="CancelRequested" path="/param"/>
    public sealed record TerminateRequested(string Reason, string? Id = null) : WorkflowEvent;

    /// <summary>Start nothing new.</summary>
    /// <inheritdoc cref="CancelRequested" path="/param"/>
    public sealed record SuspendRequested(string Reason, string? Id = null) : WorkflowEvent;

    /// <inheritdoc cref="CancelRequested" path="/param[@name='Id']"/>
    public sealed record ResumeRequested(string? Id = null) : WorkflowEvent;

    /// <summary>A request without an id gets this one: it may be delivered again after the request that followed it. Other events stay as they are.</summary>
    public WorkflowEvent WithId(string id) => this switch
    {
        CancelRequested { Id: null } cancel => cancel with { Id = id },
        TerminateRequested { Id: null } terminate => terminate with { Id = id },
        SuspendRequested { Id: null } suspend => suspend with { Id = id },
        ResumeRequested { Id: null } resume => resume with { Id = id },
        _ => this,
    };
}
