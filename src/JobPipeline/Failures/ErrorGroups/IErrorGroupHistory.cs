namespace JobPipeline.Failures.ErrorGroups;

/// <summary>Finds the failures of a group among the attempts on record.</summary>
public interface IErrorGroupHistory
{
    /// <summary>
    /// Some of them, in no order, each once as long as nothing is removed meanwhile. The work of one call is bounded: a
    /// page may be empty and not the last.
    /// </summary>
    /// <param name="group">The group's id.</param>
    /// <param name="position">Where the page before ended; null to begin.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<ErrorHistoryPage> ReadAsync(string group, string? position, CancellationToken cancellationToken);
}

/// <param name="Moments">When each of them happened.</param>
/// <param name="Next">Pass it as <c>position</c> to go on; null: there are no more.</param>
public sealed record ErrorHistoryPage(IReadOnlyList<DateTimeOffset> Moments, string? Next);
