using JobPipeline.Workflows.Machine;

namespace JobPipeline.Workflows.Running;

/// <summary>
/// Removes instances with their children, a child before its parent and the row of an instance last: whatever it dies in
/// the middle of is found again by doing it again. What is being purged can't be run again meanwhile.
/// </summary>
internal sealed class WorkflowPurge(IWorkflowStore store, IWorkflowData data)
{
    private const int AtATime = 16;

    /// <inheritdoc cref="IWorkflowRuntime.PurgeAsync"/>
    public async Task<bool> RunAsync(string id, CancellationToken cancellationToken)
    {
        if (!await TryHoldAsync(id, cancellationToken))
            return false;
        await Parallel.ForEachAsync(
            data.ListChildrenAsync(id, cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken },
            async (child, token) => await RunAsync(child, token));
        await data.RemoveAsync(id, cancellationToken);
        return await store.RemoveAsync(id, cancellationToken);
    }

    /// <summary>Until its outbox is empty there is somebody to be told that it ended.</summary>
    private async Task<bool> TryHoldAsync(string id, CancellationToken cancellationToken)
    {
        while (await store.ReadAsync(id, cancellationToken) is { Outbox.Count: 0 } instance && instance.State.Status.IsTerminal())
        {
            if (instance.IsBeingPurged || await store.TryWriteAsync(instance with { IsBeingPurged = true }, cancellationToken) is not null)
                return true;
        }

        return false;
    }
}
