using System.Text.Json.Serialization;
using JobPipeline.Workflows.Instances;

namespace JobPipeline.Workflows.Activities;

/// <summary>The result of creating the child workflow instance of a step attempt.</summary>
/// <param name="Instance">The child workflow instance; null if it can't be created.</param>
/// <param name="Error">Why the child can't be created.</param>
internal sealed record PreparedChild(WorkflowInstance? Instance, string? Error)
{
    /// <summary>
    /// When to try again, if this instance of the host does not know the child's definition; another instance may.
    /// </summary>
    public DateTimeOffset? AskAgainAt { get; init; }

    /// <summary>The job types of the child that are expected to be quick; null from an earlier release.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Quick { get; init; }
}
