using System.Collections.Immutable;
using System.Text.Json.Serialization;
using JobPipeline.Jobs;

namespace JobPipeline.Workflows.Machine;

/// <summary>
/// What is known of an instance: ids, counts and times. Outputs live apart. Its size depends on the number of steps and on
/// how many items run at a time, not on how many there are.
/// </summary>
public sealed record WorkflowState
{
    /// <summary>The rules by which <see cref="WorkflowMachine"/> decides; an instance keeps to those that it started with.</summary>
    public int MachineVersion { get; init; } = WorkflowMachine.Version;

    public required string Instance { get; init; }

    public WorkflowStatus Status { get; init; }

    /// <summary>Starts nothing new while true.</summary>
    public bool IsSuspended { get; init; }

    /// <summary>While it compensates: how it will have ended.</summary>
    public WorkflowStatus? Outcome { get; init; }

    /// <summary>Counts the re-runs, from 1.</summary>
    public int Generation { get; init; } = 1;

    /// <summary>Why it ended, is being cancelled or suspended, for people.</summary>
    public string? Reason { get; init; }

    /// <summary>A fan-out of more items than this is run in slices of so many; 0: every one item by item.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int ItemsPerSlice { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>In the order of the definition.</summary>
    public required ImmutableArray<StepState> Steps { get; init; }

    /// <summary>The steps that succeeded, in the order in which they did, by their place in the definition.</summary>
    public ImmutableArray<int> Completed { get; init; } = [];

    /// <summary>Events that nobody has waited for yet, oldest first.</summary>
    public ImmutableArray<RaisedEvent> Mailbox { get; init; } = [];

    /// <summary>The ids of the newest events and requests that were taken: a repeated one is known by them.</summary>
    public ImmutableArray<string> TakenEvents { get; init; } = [];
}

/// <summary>An event from outside that waits to be taken.</summary>
public sealed record RaisedEvent(string Name, string Id)
{
    /// <inheritdoc cref="WorkflowEvent.Raised.TraceParent"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TraceParent { get; init; }
}

/// <summary>Where a step stands.</summary>
public sealed record StepState
{
    public static readonly StepState Fresh = new();

    public StepStatus Status { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The attempts that run or wait to be tried again: one, or those of a fan-out.</summary>
    public ImmutableArray<Slot> Slots { get; init; } = [];

    /// <summary>How many items the fan-out has.</summary>
    public int Items { get; init; }

    /// <summary>How many of them were started; the next one has this number.</summary>
    public int Begun { get; init; }

    /// <summary>How many of them succeeded.</summary>
    public int Done { get; init; }

    /// <summary>An item failed for good: no further one is begun.</summary>
    public bool IsFailing { get; init; }

    /// <summary>The attempts that were made; of a fan-out the most of one item.</summary>
    public int Attempts { get; init; }

    /// <summary>The last error, for people.</summary>
    public string? Error { get; init; }

    /// <summary>The last attempt that was sent on its way; of a fan-out the last one of its items that failed for good.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SentAttempt? Sent { get; init; }

    /// <summary>The last attempt to undo it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SentAttempt? UndoSent { get; init; }
}

/// <summary>An attempt that was sent on its way: the id of its job, or of its child, derives from this.</summary>
/// <param name="Attempt">Which.</param>
/// <param name="At">When it was first sent.</param>
/// <param name="Generation">The run of the instance that it belongs to, from 1.</param>
/// <param name="Item">Of which item; null for the step itself.</param>
public sealed record SentAttempt(
    int Attempt,
    DateTimeOffset At,
    int Generation = 1,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Item = null);

/// <summary>An attempt in hand.</summary>
/// <param name="Attempt">Which.</param>
/// <param name="Item">Of which item; null for the step itself.</param>
public sealed record Slot(int Attempt, int? Item = null)
{
    /// <summary>When it is due, while it waits; null: it runs.</summary>
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>When it was first sent on its way; what runs it has an id that derives from this, however often it is told to come back later.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>Due, but the instance is suspended.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsHeld { get; init; }

    /// <summary>When it is given up.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>It was told to stop, and its answer is waited for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsStopping { get; init; }

    /// <inheritdoc cref="StepRun.Deferrals"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Deferrals { get; init; }

    /// <summary>How many items it stands for, from <see cref="Item"/> on: a slice of the fan-out. 0: no slice.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Count { get; init; }

    /// <summary>How many items of the slice may run at a time.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Share { get; init; }
}
