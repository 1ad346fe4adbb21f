using System.Text.Json;
using System.Text.Json.Serialization;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Http.Workflows;

/// <summary>
/// The API representation of a workflow instance: the members that Durable Functions documents for its status, and our own.
/// </summary>
internal sealed record WorkflowView
{
    public required string Name { get; init; }

    public required string InstanceId { get; init; }

    /// <summary>Running, Pending, Completed, Failed, Canceled, Terminated or Suspended.</summary>
    public required string RuntimeStatus { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public JsonElement? Input { get; init; }

    /// <summary>The number of steps by status.</summary>
    public required IReadOnlyDictionary<string, int> CustomStatus { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public JsonElement? Output { get; init; }

    public required DateTimeOffset CreatedTime { get; init; }

    public required DateTimeOffset LastUpdatedTime { get; init; }

    /// <summary>The version of the definition.</summary>
    public required int Version { get; init; }

    /// <summary>The precise state behind <see cref="RuntimeStatus"/>; also shows whether it is being cancelled or compensated.</summary>
    public required WorkflowStatus State { get; init; }

    /// <summary>Why it ended, is being cancelled, or is suspended.</summary>
    public string? Reason { get; init; }

    public string? CorrelationId { get; init; }

    /// <summary>The parent workflow instance.</summary>
    public string? Parent { get; init; }

    /// <summary>The steps, in the order of the definition.</summary>
    public required IReadOnlyList<WorkflowStepView> Steps { get; init; }

    internal static WorkflowView Of(
        WorkflowInstance instance, JsonElement? input, JsonElement? output, IReadOnlyList<WorkflowStepView> steps) => new()
    {
        Name = instance.Definition.Name,
        InstanceId = instance.Id,
        RuntimeStatus = RuntimeStatusOf(
            StatusOf(instance),
            instance.State.IsSuspended,
            hasBegun: instance.State.Steps.Any(step => step.Status != StepStatus.Pending)),
        Input = input,
        CustomStatus = steps.GroupBy(step => step.Status)
            .ToDictionary(
                group => JsonNamingPolicy.CamelCase.ConvertName(group.Key.ToString()), group => group.Count(), StringComparer.Ordinal),
        Output = output,
        CreatedTime = instance.State.CreatedAt,
        LastUpdatedTime = instance.State.UpdatedAt,
        Version = instance.Definition.Version,
        State = StatusOf(instance),
        Reason = instance.State.Reason,
        CorrelationId = instance.CorrelationId,
        Parent = instance.Parent?.Instance,
        Steps = steps,
    };

    /// <summary>Gets the Durable Functions name of a status.</summary>
    internal static string RuntimeStatusOf(WorkflowStatus status, bool isSuspended, bool hasBegun) => status switch
    {
        WorkflowStatus.Completed => "Completed",
        WorkflowStatus.Failed => "Failed",
        WorkflowStatus.Cancelled => "Canceled",
        WorkflowStatus.Terminated => "Terminated",
        _ when isSuspended => "Suspended",
        WorkflowStatus.Running when !hasBegun => "Pending",
        _ => "Running",
    };

    /// <summary>
    /// Gets the status to show: Running while the output is still being written, so that a caller who sees the end also finds the
    /// output.
    /// </summary>
    private static WorkflowStatus StatusOf(WorkflowInstance instance) =>
        instance.HasEnded || !instance.State.Status.IsTerminal() ? instance.State.Status : WorkflowStatus.Running;
}

/// <summary>The response to a purge: the number of deleted workflow instances.</summary>
internal sealed record PurgedView(int InstancesDeleted);
