using System.Text.Json;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Http.Workflows;

/// <summary>The API representation of a step.</summary>
internal sealed record WorkflowStepView
{
    public required string Id { get; init; }

    public required WorkflowStepKind Kind { get; init; }

    public required StepStatus Status { get; init; }

    /// <summary>The number of attempts; for a fan-out, the highest number of any item.</summary>
    public required int Attempts { get; init; }

    /// <summary>The number of items of a fan-out, once known.</summary>
    public int? Items { get; init; }

    /// <summary>The number of items that succeeded.</summary>
    public int? ItemsDone { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The last error.</summary>
    public string? Error { get; init; }

    /// <summary>What the running step is waiting for: an event, a delay, or its next attempt.</summary>
    public StepWaitView? WaitsFor { get; init; }

    /// <summary>The job of the current or last attempt; for a fan-out, of the item that made it fail.</summary>
    public JobId? JobId { get; init; }

    /// <summary>The child workflow instance of the current or last attempt; for a fan-out, of the item that made it fail.</summary>
    public string? ChildInstanceId { get; init; }

    /// <summary>The fan-out items in flight with their jobs or child workflow instances; at most 20.</summary>
    public IReadOnlyList<StepAttemptView>? CurrentItems { get; init; }

    /// <summary>The output, if it is small.</summary>
    public JsonElement? Output { get; init; }

    /// <summary>The path of the output, if it is too large to be shown inline.</summary>
    public string? OutputLocation { get; init; }

    /// <summary>Whether <see cref="Output"/> holds only the first items of a fan-out.</summary>
    public bool? HasMoreOutput { get; init; }

    /// <summary>The compensation of the step, once it has started.</summary>
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

/// <summary>The kind of a step, named after the member of its definition.</summary>
internal enum WorkflowStepKind
{
    Job,
    ForEach,
    WaitFor,
    Delay,
    Workflow,
}
