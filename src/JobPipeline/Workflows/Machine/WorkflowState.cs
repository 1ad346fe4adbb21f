using System.Collections.Immutable;
using System.Text.Json.Serialization;
using JobPipeline.Jobs;

namespace JobPipeline.Workflows.Machine;

/// <summary>
/// The state of a workflow instance: ids, counts and times. Outputs are stored separately. The size depends on the number of
/// steps and of items that run in parallel, not on the total number of items.
/// </summary>
internal sealed record WorkflowState
{
    /// <summary>
    /// The version of the rules by which <see cref="WorkflowMachine"/> decides. A workflow instance keeps the version that it
    /// started with.
    /// </summary>
    public int MachineVersion { get; init; } = WorkflowMachine.Version;

    public required string Instance { get; init; }

    public WorkflowStatus Status { get; init; }

    /// <summary>Whether the workflow instance is suspended: it starts nothing new.</summary>
    public bool IsSuspended { get; init; }

    /// <summary>The final status after compensation, while the workflow instance compensates.</summary>
    public WorkflowStatus? Outcome { get; init; }

    /// <summary>The number of the run, from 1; each re-run increments it.</summary>
    public int Generation { get; init; } = 1;

    /// <summary>Why the workflow instance ended, or is being cancelled or suspended.</summary>
    public string? Reason { get; init; }

    /// <summary>
    /// The number of items per slice: a fan-out with more items runs in slices of this size. 0 runs every item on its own.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int ItemsPerSlice { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>
    /// The number of the state among those of its run, by which stored states are ordered; 0 from an interpreter that orders them
    /// by <see cref="UpdatedAt"/>.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Sequence { get; init; }

    /// <summary>The states of the steps, in the order of the definition.</summary>
    public required ImmutableArray<StepState> Steps { get; init; }

    /// <summary>The indexes of the steps that succeeded, in the order in which they succeeded.</summary>
    public ImmutableArray<int> Completed { get; init; } = [];

    /// <summary>Events that no step has waited for yet, oldest first.</summary>
    public ImmutableArray<RaisedEvent> Mailbox { get; init; } = [];

    /// <summary>The ids of the most recent events and requests that were applied, to detect repeated ones.</summary>
    public ImmutableArray<string> TakenEvents { get; init; } = [];
}

/// <summary>An external event in the mailbox.</summary>
internal sealed record RaisedEvent(string Name, string Id)
{
    /// <inheritdoc cref="WorkflowEvent.Raised.TraceParent"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TraceParent { get; init; }
}

/// <summary>The state of a step.</summary>
internal sealed record StepState
{
    public static readonly StepState Fresh = new();

    public StepStatus Status { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The current attempts, which are running or waiting for a retry: one, or those of a fan-out's items.</summary>
    public ImmutableArray<Slot> Slots { get; init; } = [];

    /// <summary>The number of items in the fan-out.</summary>
    public int Items { get; init; }

    /// <summary>The number of items that were started, which is also the index of the next item.</summary>
    public int Begun { get; init; }

    /// <summary>The number of items that succeeded.</summary>
    public int Done { get; init; }

    /// <summary>The number of items that run one after the other as one pack; 0 or 1 for a fan-out without packs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int PerPack { get; init; }

    /// <summary>Whether an item failed for good; no further items are started.</summary>
    public bool IsFailing { get; init; }

    /// <summary>The number of attempts; for a fan-out, the highest number of one item.</summary>
    public int Attempts { get; init; }

    /// <summary>The last error message.</summary>
    public string? Error { get; init; }

    /// <summary>The last attempt that was sent; for a fan-out, that of the last item that failed for good.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SentAttempt? Sent { get; init; }

    /// <summary>The last compensation attempt that was sent.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SentAttempt? UndoSent { get; init; }
}

/// <summary>An attempt that was sent. The id of its job or child workflow is derived from it.</summary>
/// <param name="Attempt">The number of the attempt.</param>
/// <param name="At">When the attempt was first sent.</param>
/// <param name="Generation">The number of the run of the workflow instance, from 1.</param>
/// <param name="Item">The index of the item; null for the step itself.</param>
internal sealed record SentAttempt(
    int Attempt,
    DateTimeOffset At,
    int Generation = 1,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Item = null);

/// <summary>A current attempt of a step or an item.</summary>
/// <param name="Attempt">The number of the attempt.</param>
/// <param name="Item">The index of the item; null for the step itself.</param>
internal sealed record Slot(int Attempt, int? Item = null)
{
    /// <summary>When the attempt is due, while it waits; null when it is running.</summary>
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>
    /// When the attempt was first sent; for a step of a strand, when the strand was. The id of its job or child workflow is derived
    /// from this time, so deferrals don't change the id.
    /// </summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>Whether the attempt is due but held, because the workflow instance is suspended.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsHeld { get; init; }

    /// <summary>When the attempt times out.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>Whether the attempt was requested to stop and its answer is awaited.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsStopping { get; init; }

    /// <inheritdoc cref="StepRun.Deferrals"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Deferrals { get; init; }

    /// <summary>The number of items, from <see cref="Item"/> on, if this is a slice of a fan-out; otherwise 0.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Count { get; init; }

    /// <summary>
    /// The pack in which the item runs, named by the pack's first item; null for an item that runs on its own. The items of a pack
    /// run one after the other.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Pack { get; init; }

    /// <summary>The maximum number of items of the slice that run in parallel.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Share { get; init; }
}
