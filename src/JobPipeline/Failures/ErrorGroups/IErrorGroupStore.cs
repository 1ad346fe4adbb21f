namespace JobPipeline.Failures.ErrorGroups;

/// <summary>Keeps error groups.</summary>
public interface IErrorGroupStore
{
    /// <summary>Most groups on a page.</summary>
    const int MaxLimit = 200;

    /// <summary>Null when there is none under that id.</summary>
    Task<ErrorGroup?> ReadAsync(string id, CancellationToken cancellationToken);

    /// <summary>
    /// Inserts a group (<paramref name="before"/> is null), or replaces one that still is as it was read, and returns the new
    /// version. One operation. Null: somebody else has written or removed it since.
    /// </summary>
    Task<string?> TryWriteAsync(ErrorGroup? before, ErrorGroup after, CancellationToken cancellationToken);

    /// <summary>
    /// The next groups, the last seen first, at most <paramref name="limit"/> (1 to <see cref="MaxLimit"/>). The work of one call is
    /// bounded: where little matches, it returns fewer than asked for, or none, and says from where to go on. A group that
    /// is seen while somebody pages moves to the front.
    /// </summary>
    Task<ErrorGroupPage> ListAsync(ErrorGroupFilter filter, ErrorGroupPlace? after, int limit, CancellationToken cancellationToken);

    /// <summary>Removes a group that still is as it was read. False: it was changed or removed since.</summary>
    Task<bool> TryRemoveAsync(ErrorGroup group, CancellationToken cancellationToken);
}
