namespace JobPipeline.Failures.ErrorGroups;

/// <summary>Finds the failures of a group among the stored attempts.</summary>
internal interface IErrorGroupHistory
{
    /// <summary>
    /// Lists failures of the group, in no particular order, each one once as long as nothing is removed meanwhile. The work of one
    /// call is bounded: a page may be empty without being the last.
    /// </summary>
    /// <param name="group">The group's id.</param>
    /// <param name="position">Where the previous page ended; null for the first page.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    Task<ErrorHistoryPage> ReadAsync(string group, string? position, CancellationToken cancellationToken);
}

/// <summary>A page of failures.</summary>
/// <param name="Moments">When the failures occurred.</param>
/// <param name="Next">The position to pass as <c>position</c> for the next page; null on the last page.</param>
internal sealed record ErrorHistoryPage(IReadOnlyList<DateTimeOffset> Moments, string? Next);
