using JobPipeline.Workflows.Instances;

namespace JobPipeline.Workflows.Activities;

/// <summary>Records the children of a workflow instance.</summary>
internal static class WorkflowChildren
{
    private static readonly ReadOnlyMemory<byte> Noted = "true"u8.ToArray();

    /// <summary>Records a child before it is created, so that every child is known to its parent. Idempotent.</summary>
    public static Task NoteChildAsync(this IWorkflowData data, string parent, string child, CancellationToken cancellationToken) =>
        data.WriteAsync(parent, [KeyValuePair.Create(WorkflowDataName.Child(child), Noted)], cancellationToken);
}
