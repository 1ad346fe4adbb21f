using System.Diagnostics;
using System.Text.Json.Serialization;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Workflows.Instances;

/// <summary>A running or ended workflow as it is stored. What it was given and what it made lies apart (<see cref="IWorkflowData"/>).</summary>
public sealed record WorkflowInstance
{
    /// <summary>Longest instance id, in characters.</summary>
    public const int MaxIdLength = WorkflowIds.MaxLength;

    public required string Id { get; init; }

    /// <summary>The definition that it started with: a newer version does not touch it.</summary>
    public required WorkflowDefinition Definition { get; init; }

    public required WorkflowState State { get; init; }

    /// <summary>Effects that may not have been sent yet: they are sent before the events that caused them are acknowledged.</summary>
    public IReadOnlyList<WorkflowEffect> Outbox { get; init; } = [];

    /// <summary>What keeps it from getting on; null: nothing does.</summary>
    public WorkflowStall? Stall { get; init; }

    /// <summary>Whom to tell how it ended: the instance that it is a child of, and the attempt that it is there.</summary>
    public WorkflowOrigin? Parent { get; init; }

    /// <summary>The caller's own id for the work; its jobs and children inherit it.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>W3C trace context of whoever started it.</summary>
    public string? TraceParent { get; init; }

    /// <summary>
    /// Under which name its input is kept until its first event is applied: that of the start which made it, whatever a rival
    /// has kept. Null: it has none, or it is the instance's input (<see cref="WorkflowDataName.Input"/>) by now.
    /// </summary>
    public string? StagedInput { get; init; }

    /// <summary>The name of its input.</summary>
    [JsonIgnore]
    public WorkflowDataName InputName => StagedInput is { } staged ? WorkflowDataName.StagedInput(staged) : WorkflowDataName.Input;

    /// <summary>True: it is being purged, and is not to be run again.</summary>
    public bool IsBeingPurged { get; init; }

    /// <summary>It has ended, and what that asks for is done: its output is there.</summary>
    [JsonIgnore]
    public bool HasEnded => State.Status.IsTerminal() && !Outbox.Any(effect => effect is WorkflowEffect.End);

    /// <summary>The store's version of it; null before it is stored.</summary>
    public string? Version { get; init; }

    /// <summary>True: an event of that name would be dropped, for nobody waits for it and no more are kept. As far as is known: others may be on their way.</summary>
    public bool IsMailboxFull(string name) => State.Mailbox.Length >= Mailbox.Size && !Definition.Steps.Zip(State.Steps)
        .Any(entry => entry.First.Action is WaitAction wait && wait.Event == name && entry.Second.Status == StepStatus.Running);

    /// <summary>A new one, before its first event.</summary>
    /// <param name="definition">What it runs.</param>
    /// <param name="id">Its id.</param>
    /// <param name="parent">Of which attempt it is the child.</param>
    /// <param name="correlationId">The caller's own id for the work.</param>
    /// <param name="now">The time.</param>
    /// <param name="itemsPerSlice"><see cref="WorkflowState.ItemsPerSlice"/>.</param>
    public static WorkflowInstance Create(WorkflowDefinition definition, string id, WorkflowOrigin? parent, string? correlationId, DateTimeOffset now, int itemsPerSlice = 0) => new()
    {
        Id = id,
        Definition = definition,
        State = WorkflowMachine.Create(new WorkflowPlan(definition), id, now, itemsPerSlice),
        Parent = parent,
        CorrelationId = correlationId,
        TraceParent = Activity.Current?.Id,
    };
}
