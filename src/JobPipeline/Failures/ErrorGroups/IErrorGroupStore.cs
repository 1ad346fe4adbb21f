namespace JobPipeline.Failures.ErrorGroups;

/// <summary>Stores error groups.</summary>
public interface IErrorGroupStore
{
    /// <summary>The maximum number of groups on a page.</summary>
    const int MaxLimit = 200;

    /// <summary>Reads a group. Returns null if it does not exist.</summary>
    Task<ErrorGroup?> ReadAsync(string id, CancellationToken cancellationToken);

    /// <summary>
    /// Inserts a group (<paramref name="before"/> is null), or replaces one that is unchanged since it was read, and returns the new
    /// version. One operation. Returns null if the group was written or removed since.
    /// </summary>
    Task<string?> TryWriteAsync(ErrorGroup? before, ErrorGroup after, CancellationToken cancellationToken);

    /// <summary>
    /// Lists groups, last seen first, at most <paramref name="limit"/> (1 to <see cref="MaxLimit"/>). The work of one call is
    /// bounded: when few match, it may return fewer than requested, or none, along with where to continue. A group that is seen
    /// between two pages moves to the front.
    /// </summary>
    Task<ErrorGroupPage> ListAsync(ErrorGroupFilter filter, ErrorGroupPlace? after, int limit, CancellationToken cancellationToken);

    /// <summary>Removes a group that is unchanged since it was read. Returns false if it was changed or removed since.</summary>
    Task<bool> TryRemoveAsync(ErrorGroup group, CancellationToken cancellationToken);
}
