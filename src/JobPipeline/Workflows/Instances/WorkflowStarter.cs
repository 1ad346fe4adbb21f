using JobPipeline.Diagnostics;
using JobPipeline.Instances;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Activities;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Workflows.Instances;

/// <summary>
/// Makes an instance and sets it in motion: its input, then the instance, then its first event; repeated, it mends what is
/// missing. Of two that start the same instance at the same time, the one whose row is inserted has started it.
/// </summary>
internal sealed class WorkflowStarter(IWorkflowStore store, IWorkflowData data, WorkflowEvents events, JobMetrics metrics, TimeProvider time)
{
    /// <summary>False: there was an instance of that id, which is left as it is.</summary>
    /// <param name="traceParent">The trace that it goes on with where nothing of that trace is kept in this process.</param>
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
            // Whoever made it may have died before the first event went out.
            if (existing.State.Steps.All(step => step.Status == StepStatus.Pending) && !existing.State.Status.IsTerminal())
                await events.SendAsync(id, new WorkflowEvent.Started(), at: null, cancellationToken);
            return false;
        }

        // Before the child: one that its parent does not know would outlive it.
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
