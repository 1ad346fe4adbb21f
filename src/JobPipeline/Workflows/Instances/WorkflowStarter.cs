using JobPipeline.Diagnostics;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Activities;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Workflows.Instances;

/// <summary>
/// Creates and starts a workflow instance: it stores the input, then the workflow instance, then sends the first event. A
/// repeated start completes what is missing. If several callers start the same workflow instance at the same time, the one that
/// inserts the row has started it.
/// </summary>
internal sealed class WorkflowStarter(
    IWorkflowStore store, IWorkflowData data, WorkflowEvents events, JobMetrics metrics, TimeProvider time)
{
    /// <summary>
    /// Starts a workflow instance. Returns false if an instance with that id already exists; it is not changed.
    /// </summary>
    /// <param name="traceParent">The trace to continue if no trace is active in this process.</param>
    public async Task<bool> StartAsync(
        WorkflowDefinition definition,
        string id,
        ReadOnlyMemory<byte> input,
        WorkflowOrigin? parent,
        string? correlationId,
        CancellationToken cancellationToken,
        string? traceParent = null)
    {
        if (await store.ReadAsync(id, cancellationToken) is { } existing)
        {
            // The process that created it may have crashed before it sent the first event.
            if (existing.State.Steps.All(step => step.Status == StepStatus.Pending) && !existing.State.Status.IsTerminal())
                await events.SendAsync(id, new WorkflowEvent.Started(), at: null, cancellationToken);
            return false;
        }

        // Recorded before the child is created: a child that its parent doesn't know would never be purged with it.
        if (parent is not null)
            await data.NoteChildAsync(parent.Instance, id, cancellationToken);
        var staged = await data.StageInputAsync(id, input, cancellationToken);
        var instance = WorkflowInstance.Create(definition, id, parent, correlationId, time.GetUtcNow()) with { StagedInput = staged };
        instance = instance with { TraceParent = instance.TraceParent ?? traceParent };
        var isNew = await store.TryWriteAsync(instance, cancellationToken) is not null;
        if (isNew)
            metrics.WorkflowStarted(definition.Name);
        await events.SendAsync(id, new WorkflowEvent.Started(), at: null, cancellationToken);
        return isNew;
    }
}
