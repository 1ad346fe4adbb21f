using System.Text.Json;
using JobPipeline.Jobs.Wire;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Functions.Durable;

/// <summary>What Durable's own tools show of an instance: counts, however many steps and items there are. Below 1 KB; an orchestration dies of 16.</summary>
/// <param name="Status">Where it stands.</param>
/// <param name="IsSuspended">It starts nothing new.</param>
/// <param name="Steps">How many steps stand where.</param>
/// <param name="Items">How many items of its fan-outs are done, and of how many.</param>
/// <param name="Reason">Why it is being cancelled, undone or suspended, for people.</param>
internal sealed record CustomStatus(WorkflowStatus Status, bool IsSuspended, IReadOnlyDictionary<string, int> Steps, ItemCount? Items, string? Reason)
{
    private const int MaxReasonChars = 200;

    /// <summary>As JSON, not as a text: it is for people and tools to read.</summary>
    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, JobJson.Options);

    public static CustomStatus Of(WorkflowState state)
    {
        var items = state.Steps.Sum(step => step.Items);
        return new CustomStatus(
            state.Status,
            state.IsSuspended,
            state.Steps.GroupBy(step => step.Status).OrderBy(group => group.Key).ToDictionary(group => JsonNamingPolicy.CamelCase.ConvertName(group.Key.ToString()), group => group.Count(), StringComparer.Ordinal),
            items > 0 ? new ItemCount(state.Steps.Sum(step => step.Done), items) : null,
            state.Reason is { Length: > MaxReasonChars } reason ? reason[..MaxReasonChars] : state.Reason);
    }
}

internal sealed record ItemCount(int Done, int Of);
