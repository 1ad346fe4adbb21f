using JobPipeline.Workflows.Instances;

namespace JobPipeline.Workflows.Activities;

/// <summary>What an instance knows of its children.</summary>
internal static class WorkflowChildren
{
    private static readonly ReadOnlyMemory<byte> Noted = "true"u8.ToArray();

    /// <summary>Before the child is made, so that none is without a parent that knows it. Noting it again changes nothing.</summary>
    public static Task NoteChildAsync(this IWorkflowData data, string parent, string child, CancellationToken cancellationToken) =>
        data.WriteAsync(parent, [KeyValuePair.Create(WorkflowDataName.Child(child), Noted)], cancellationToken);
}
