using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Http.Workflows;

/// <summary>A workflow instance in a list, with the members of <see cref="WorkflowView"/> that need no further reads.</summary>
/// <param name="Name">The name of the workflow.</param>
/// <param name="InstanceId">The id of the workflow instance.</param>
/// <param name="RuntimeStatus">Running, Completed, Failed, Canceled, Terminated or Suspended.</param>
/// <param name="CreatedTime">When it was created.</param>
/// <param name="LastUpdatedTime">When its state last changed, as far as the list knows.</param>
/// <param name="Version">The version of the definition.</param>
/// <param name="State">The precise state behind <paramref name="RuntimeStatus"/>.</param>
internal sealed record WorkflowListItem(
    string Name,
    string InstanceId,
    string RuntimeStatus,
    DateTimeOffset CreatedTime,
    DateTimeOffset LastUpdatedTime,
    int Version,
    WorkflowStatus State)
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

/// <summary>A page of workflow instances.</summary>
/// <param name="Instances">The workflow instances, newest first.</param>
/// <param name="NextCursor">
/// The <c>cursor</c> of the next page, to be sent with an otherwise unchanged query; absent on the last page.
/// </param>
internal sealed record WorkflowListView(IReadOnlyList<WorkflowListItem> Instances, string? NextCursor);
