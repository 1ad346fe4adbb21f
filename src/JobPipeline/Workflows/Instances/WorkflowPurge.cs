namespace JobPipeline.Workflows.Instances;

/// <summary>
/// Deletes workflow instances with their children: each child before its parent, and the row of a workflow instance last, so that
/// an interrupted purge can be repeated. A workflow instance that is being purged can't be run again.
/// </summary>
internal sealed class WorkflowPurge
{
    private const int AtATime = 16;

    private readonly IWorkflowStore _store;
    private readonly IWorkflowData _data;

    public WorkflowPurge(IWorkflowStore store, IWorkflowData data) => (_store, _data) = (store, data);

    /// <inheritdoc cref="IWorkflowRuntime.PurgeAsync"/>
    /// <param name="id">The id of the workflow instance.</param>
    /// <param name="removeRest">
    /// Deletes the data that the runtime itself stores for a workflow instance, before its row is deleted; must be idempotent.
    /// Null if the runtime stores no data of its own.
    /// </param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    public async Task<bool> RunAsync(string id, Func<string, CancellationToken, Task>? removeRest, CancellationToken cancellationToken)
    {
        if (!await TryHoldAsync(id, cancellationToken))
            return false;
        await Parallel.ForEachAsync(
            _data.ListChildrenAsync(id, cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken },
            async (child, token) => await RunAsync(child, removeRest, token));
        if (removeRest is not null)
            await removeRest(id, cancellationToken);
        await _data.RemoveAsync(id, cancellationToken);
        return await _store.RemoveAsync(id, cancellationToken);
    }

    /// <summary>
    /// Marks the workflow instance as being purged. Until its end is carried out, its parent must still be notified. Effects that
    /// stop attempts don't block a purge, even if they keep failing.
    /// </summary>
    private async Task<bool> TryHoldAsync(string id, CancellationToken cancellationToken)
    {
        while (await _store.ReadAsync(id, cancellationToken) is { HasEnded: true } instance)
        {
            if (instance.IsBeingPurged || await _store.TryWriteAsync(instance with { IsBeingPurged = true }, cancellationToken) is not null)
                return true;
        }

        return false;
    }
}
