using System.Text.Json;
using System.Text.Json.Serialization;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Http.Workflows;

/// <summary>An instance: the members that Durable Functions documents for its status, and what we know beside.</summary>
public sealed record WorkflowView
{
    public required string Name { get; init; }

    public required string InstanceId { get; init; }

    /// <summary>Running, Pending, Completed, Failed, Canceled, Terminated or Suspended.</summary>
    public required string RuntimeStatus { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public JsonElement? Input { get; init; }

    /// <summary>How many steps stand where.</summary>
    public required IReadOnlyDictionary<string, int> CustomStatus { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public JsonElement? Output { get; init; }

    public required DateTimeOffset CreatedTime { get; init; }

    public required DateTimeOffset LastUpdatedTime { get; init; }

    /// <summary>The definition's version.</summary>
    public required int Version { get; init; }

    /// <summary>More exact than <see cref="RuntimeStatus"/>: also whether it is being cancelled or undone.</summary>
    public required WorkflowStatus State { get; init; }

    /// <summary>Why it ended, is being cancelled or suspended.</summary>
    public string? Reason { get; init; }

    public string? CorrelationId { get; init; }

    /// <summary>The instance that it is a child of.</summary>
    public string? Parent { get; init; }

    /// <summary>In the order of the definition.</summary>
    public required IReadOnlyList<WorkflowStepView> Steps { get; init; }

    internal static WorkflowView Of(WorkflowInstance instance, JsonElement? input, JsonElement? output, IReadOnlyList<WorkflowStepView> steps) => new()
    {
        Name = instance.Definition.Name,
        InstanceId = instance.Id,
        RuntimeStatus = RuntimeStatusOf(StatusOf(instance), instance.State.IsSuspended, hasBegun: instance.State.Steps.Any(step => step.Status != StepStatus.Pending)),
        Input = input,
        CustomStatus = steps.GroupBy(step => step.Status).ToDictionary(group => JsonNamingPolicy.CamelCase.ConvertName(group.Key.ToString()), group => group.Count(), StringComparer.Ordinal),
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

    /// <summary>The words of Durable Functions.</summary>
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

    /// <summary>Who reads that it has ended finds its output: while that is being written, it runs.</summary>
    private static WorkflowStatus StatusOf(WorkflowInstance instance) =>
        instance.HasEnded || !instance.State.Status.IsTerminal() ? instance.State.Status : WorkflowStatus.Running;
}

/// <summary>How many were removed.</summary>
public sealed record PurgedView(int InstancesDeleted);
