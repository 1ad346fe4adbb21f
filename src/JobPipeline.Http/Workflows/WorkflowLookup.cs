using JobPipeline.Jobs;
using JobPipeline.Workflows.Instances;

namespace JobPipeline.Http.Workflows;

/// <summary>Finds instances by what a caller wrote.</summary>
internal static class WorkflowLookup
{
    /// <summary>Null: no such instance; what can't be an id is not asked for.</summary>
    public static async Task<WorkflowInstance?> FindAsync(IWorkflowRuntime workflows, string id, CancellationToken cancellationToken) =>
        WorkflowIds.IsId(id) ? await workflows.ReadAsync(id, cancellationToken) : null;
}
