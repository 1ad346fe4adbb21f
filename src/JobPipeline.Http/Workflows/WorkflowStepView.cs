using System.Text.Json;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Http.Workflows;

/// <summary>Where a step stands.</summary>
public sealed record WorkflowStepView
{
    public required string Id { get; init; }

    public required WorkflowStepKind Kind { get; init; }

    public required StepStatus Status { get; init; }

    /// <summary>The attempts that were made; of a fan-out the most of one item.</summary>
    public required int Attempts { get; init; }

    /// <summary>How many items a fan-out has, once that is known.</summary>
    public int? Items { get; init; }

    /// <summary>How many of them succeeded.</summary>
    public int? ItemsDone { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The last error.</summary>
    public string? Error { get; init; }

    /// <summary>What it gave, where that is small.</summary>
    public JsonElement? Output { get; init; }

    internal static WorkflowStepView Of(WorkflowStep step, StepState state, JsonElement? output) => new()
    {
        Id = step.Id,
        Kind = KindOf(step.Action),
        Status = state.Status,
        Attempts = state.Attempts,
        Items = step.Action is ForEachAction && state.Status is not (StepStatus.Pending or StepStatus.Expanding) ? state.Items : null,
        ItemsDone = step.Action is ForEachAction && state.Status is not (StepStatus.Pending or StepStatus.Expanding) ? state.Done : null,
        StartedAt = state.StartedAt,
        EndedAt = state.EndedAt,
        Error = state.Error,
        Output = output,
    };

    internal static WorkflowStepKind KindOf(StepAction action) => action switch
    {
        JobAction => WorkflowStepKind.Job,
        ForEachAction => WorkflowStepKind.ForEach,
        WaitAction => WorkflowStepKind.WaitFor,
        DelayAction => WorkflowStepKind.Delay,
        _ => WorkflowStepKind.Workflow,
    };
}

/// <summary>What a step does, by the member of its definition.</summary>
public enum WorkflowStepKind
{
    Job,
    ForEach,
    WaitFor,
    Delay,
    Workflow,
}
