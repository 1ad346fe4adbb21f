using System.Text.Json;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
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

    /// <summary>What it waits for, while it runs: an event, its time, its next attempt.</summary>
    public StepWaitView? WaitsFor { get; init; }

    /// <summary>The job of the current attempt, or of the last one; of a fan-out of the item that failed it.</summary>
    public JobId? JobId { get; init; }

    /// <summary>The child of the current attempt, or of the last one; of a fan-out of the item that failed it.</summary>
    public string? ChildInstanceId { get; init; }

    /// <summary>Of a fan-out the items in hand with their jobs or children; at most 20.</summary>
    public IReadOnlyList<StepAttemptView>? CurrentItems { get; init; }

    /// <summary>What it gave, where that is small.</summary>
    public JsonElement? Output { get; init; }

    /// <summary>Where to get what it gave, when that is not small.</summary>
    public string? OutputLocation { get; init; }

    /// <summary>True: <see cref="Output"/> holds the first items of a fan-out only.</summary>
    public bool? HasMoreOutput { get; init; }

    /// <summary>What undoes it, once that was begun.</summary>
    public StepCompensationView? Compensation { get; init; }

    internal static WorkflowStepView Of(WorkflowInstance instance, WorkflowStep step, StepState state) => new()
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
        WaitsFor = StepWaitView.Of(step, state),
        JobId = StepAttempts.Last(instance, step, state)?.JobId,
        ChildInstanceId = StepAttempts.Last(instance, step, state)?.ChildInstanceId,
        CurrentItems = StepAttempts.Items(instance, step, state) is { Count: > 0 } items ? items : null,
        Compensation = StepAttempts.Compensation(instance, step, state),
    };

    internal WorkflowStepView With(StepOutput output, string instance) => this with
    {
        Output = output.Value,
        OutputLocation = output.IsElsewhere ? ApiRoutes.OfWorkflowStep(instance, Id) : null,
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
