namespace JobPipeline.Instances;

/// <summary>Keeps a row for each instance.</summary>
public interface IInstanceStore
{
    /// <summary>Writes or overwrites an instance's own row: one operation. An instance that was thought dead speaks for itself again.</summary>
    Task PutAsync(Instance instance, CancellationToken cancellationToken);

    /// <summary>Replaces the row where it still has the version that was read, and returns its new version. Null: it changed or is gone.</summary>
    Task<string?> TryReplaceAsync(Instance instance, CancellationToken cancellationToken);

    /// <summary>Removes the row where it still has the version that was read. False: it changed or is gone.</summary>
    Task<bool> TryRemoveAsync(Instance instance, CancellationToken cancellationToken);

    /// <summary>Every row, in one query of one partition.</summary>
    Task<IReadOnlyList<Instance>> ListAsync(CancellationToken cancellationToken);
}
