using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Http.Workflows;

/// <summary>An instance in a list, with the members of <see cref="WorkflowView"/> that cost no further look.</summary>
/// <param name="Name">Its workflow.</param>
/// <param name="InstanceId">Its id.</param>
/// <param name="RuntimeStatus">Running, Completed, Failed, Canceled, Terminated or Suspended.</param>
/// <param name="CreatedTime">When it was started.</param>
/// <param name="LastUpdatedTime">When its state changed last, as far as the list knows.</param>
/// <param name="Version">The definition's version.</param>
/// <param name="State">More exact than <paramref name="RuntimeStatus"/>.</param>
public sealed record WorkflowListItem(
    string Name, string InstanceId, string RuntimeStatus, DateTimeOffset CreatedTime, DateTimeOffset LastUpdatedTime, int Version, WorkflowStatus State)
{
    internal static WorkflowListItem Of(WorkflowSummary summary) => new(
        summary.Name,
        summary.Id,
        WorkflowView.RuntimeStatusOf(summary.Status, summary.IsSuspended, hasBegun: true),
        summary.CreatedAt,
        summary.UpdatedAt,
        summary.Version,
        summary.Status);
}

/// <summary>A page of a list.</summary>
/// <param name="Instances">Newest first.</param>
/// <param name="NextCursor">Send it as <c>cursor</c>, with the rest of the query as it was, for the next page; absent: this is the last.</param>
public sealed record WorkflowListView(IReadOnlyList<WorkflowListItem> Instances, string? NextCursor);
