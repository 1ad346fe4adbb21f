namespace JobPipeline.Workflows.Instances;

/// <summary>
/// Removes instances with their children, a child before its parent and the row of an instance last: whatever it dies in
/// the middle of is found again by doing it again. What is being purged can't be run again meanwhile.
/// </summary>
public sealed class WorkflowPurge
{
    private const int AtATime = 16;

    private readonly IWorkflowStore _store;
    private readonly IWorkflowData _data;

    internal WorkflowPurge(IWorkflowStore store, IWorkflowData data) => (_store, _data) = (store, data);

    /// <inheritdoc cref="IWorkflowRuntime.PurgeAsync"/>
    /// <param name="id">The instance.</param>
    /// <param name="removeRest">Removes what the runtime itself keeps of an instance, before its row goes; may be repeated. Null: nothing.</param>
    /// <param name="cancellationToken">Gives up.</param>
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

    /// <summary>Until its end is done there is somebody to be told of it. What is to be stopped and can't be keeps no instance.</summary>
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
