using JobPipeline.Jobs;
using JobPipeline.Workflows.Instances;

namespace JobPipeline.Http.Workflows;

/// <summary>Finds workflow instances by an id from a request.</summary>
internal static class WorkflowLookup
{
    /// <summary>Finds a workflow instance. Returns null if it does not exist, without a read if the id is not valid.</summary>
    public static async Task<WorkflowInstance?> FindAsync(IWorkflowRuntime workflows, string id, CancellationToken cancellationToken) =>
        WorkflowIds.IsId(id) ? await workflows.ReadAsync(id, cancellationToken) : null;
}
