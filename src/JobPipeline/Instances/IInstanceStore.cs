namespace JobPipeline.Instances;

/// <summary>Stores one row per instance.</summary>
internal interface IInstanceStore
{
    /// <summary>
    /// Inserts or overwrites an instance's own row, in one operation. An instance that was considered lost replaces that state.
    /// </summary>
    Task PutAsync(Instance instance, CancellationToken cancellationToken);

    /// <summary>
    /// Replaces the row if it still has the version that was read, and returns its new version. Returns null if it was changed or
    /// removed.
    /// </summary>
    Task<string?> TryReplaceAsync(Instance instance, CancellationToken cancellationToken);

    /// <summary>Removes the row if it still has the version that was read. Returns false if it was changed or removed.</summary>
    Task<bool> TryRemoveAsync(Instance instance, CancellationToken cancellationToken);

    /// <summary>Lists all rows, in one query of one partition.</summary>
    Task<IReadOnlyList<Instance>> ListAsync(CancellationToken cancellationToken);
}
