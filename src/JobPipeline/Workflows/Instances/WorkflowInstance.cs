using System.Diagnostics;
using System.Text.Json.Serialization;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Workflows.Instances;

/// <summary>
/// A running or ended workflow as it is stored. Inputs and outputs are stored separately (<see cref="IWorkflowData"/>).
/// </summary>
internal sealed record WorkflowInstance
{
    /// <summary>The maximum length of the id, in characters.</summary>
    public const int MaxIdLength = WorkflowIds.MaxLength;

    public required string Id { get; init; }

    /// <summary>The definition that the workflow instance started with; a newer version does not change it.</summary>
    public required WorkflowDefinition Definition { get; init; }

    public required WorkflowState State { get; init; }

    /// <summary>
    /// Effects that may not have been sent yet. They are sent before the events that caused them are acknowledged.
    /// </summary>
    public IReadOnlyList<WorkflowEffect> Outbox { get; init; } = [];

    /// <summary>The saves that put the effects into the outbox, in its order. Effects beyond them belong to an unknown save.</summary>
    public IReadOnlyList<OutboxSave> OutboxSaves { get; init; } = [];

    /// <summary>
    /// Outputs that a write stores in the same transaction, so that they count exactly if the state that they lead to does. Not part of
    /// what is read.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<StepOutput> Outputs { get; init; } = [];

    /// <summary>What keeps the workflow instance from making progress; null if nothing does.</summary>
    public WorkflowStall? Stall { get; init; }

    /// <summary>
    /// The step attempt of the parent workflow that this workflow instance is the child of, which is notified of its end; null
    /// without a parent.
    /// </summary>
    public WorkflowOrigin? Parent { get; init; }

    /// <summary>The caller's own id for the work; the jobs and children of the workflow inherit it.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>The W3C trace context of the caller that started the workflow.</summary>
    public string? TraceParent { get; init; }

    /// <summary>
    /// The name under which the input is stored until the first event is applied. It is the input of the start that inserted this
    /// row, whatever a concurrent start has stored. Null if there is no input, or if it is already stored as the input
    /// (<see cref="WorkflowDataName.Input"/>).
    /// </summary>
    public string? StagedInput { get; init; }

    /// <summary>The name of the input.</summary>
    [JsonIgnore]
    public WorkflowDataName InputName => StagedInput is { } staged ? WorkflowDataName.StagedInput(staged) : WorkflowDataName.Input;

    /// <summary>Whether the workflow instance is being purged and can't be run again.</summary>
    public bool IsBeingPurged { get; init; }

    /// <summary>
    /// Whether the workflow instance has ended and the effects of its end were carried out, so that its output is stored.
    /// </summary>
    [JsonIgnore]
    public bool HasEnded => State.Status.IsTerminal() && !Outbox.Any(effect => effect is WorkflowEffect.End);

    /// <summary>The version in the store; null before it is stored.</summary>
    public string? Version { get; init; }

    /// <summary>
    /// Whether an event of that name would be dropped, because no step waits for it and the mailbox is full. This is an estimate,
    /// because other events may be on the queue.
    /// </summary>
    public bool IsMailboxFull(string name) => State.Mailbox.Length >= Mailbox.Size && !Definition.Steps.Zip(State.Steps)
        .Any(entry => entry.First.Action is WaitAction wait && wait.Event == name && entry.Second.Status == StepStatus.Running);

    /// <summary>Creates a workflow instance before its first event.</summary>
    /// <param name="definition">The definition to run.</param>
    /// <param name="id">The id of the workflow instance.</param>
    /// <param name="parent">The step attempt of the parent workflow, if it is a child.</param>
    /// <param name="correlationId">The caller's own id for the work.</param>
    /// <param name="now">The current time.</param>
    /// <param name="itemsPerSlice"><see cref="WorkflowState.ItemsPerSlice"/>.</param>
    public static WorkflowInstance Create(
        WorkflowDefinition definition,
        string id,
        WorkflowOrigin? parent,
        string? correlationId,
        DateTimeOffset now,
        int itemsPerSlice = 0) => new()
    {
        Id = id,
        Definition = definition,
        State = WorkflowMachine.Create(new WorkflowPlan(definition), id, now, itemsPerSlice),
        Parent = parent,
        CorrelationId = correlationId,
        TraceParent = Activity.Current?.Id,
    };
}
