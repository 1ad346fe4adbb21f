using System.Text.Json;
using JobPipeline.Jobs.Wire;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Functions.Durable;

/// <summary>
/// The status that Durable's own tools show for a workflow instance: counts, so that its size does not depend on the number of
/// steps and items. It stays below 1 KB; an orchestration fails above 16 KB.
/// </summary>
/// <param name="Status">The status of the workflow instance.</param>
/// <param name="IsSuspended">Whether it starts no new steps.</param>
/// <param name="Steps">The number of steps by status.</param>
/// <param name="Items">The number of completed fan-out items, and of all items.</param>
/// <param name="Reason">Why it is being cancelled, compensated or suspended.</param>
internal sealed record CustomStatus(
    WorkflowStatus Status, bool IsSuspended, IReadOnlyDictionary<string, int> Steps, ItemCount? Items, string? Reason)
{
    private const int MaxReasonChars = 200;

    /// <summary>Serializes the status as a JSON object rather than a string, so that tools can read it.</summary>
    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, JobJson.Options);

    public static CustomStatus Of(WorkflowState state)
    {
        var items = state.Steps.Sum(step => step.Items);
        return new CustomStatus(
            state.Status,
            state.IsSuspended,
            state.Steps.GroupBy(step => step.Status)
                .OrderBy(group => group.Key)
                .ToDictionary(
                    group => JsonNamingPolicy.CamelCase.ConvertName(group.Key.ToString()), group => group.Count(), StringComparer.Ordinal),
            items > 0 ? new ItemCount(state.Steps.Sum(step => step.Done), items) : null,
            state.Reason is { Length: > MaxReasonChars } reason ? reason[..MaxReasonChars] : state.Reason);
    }
}

internal sealed record ItemCount(int Done, int Of);
