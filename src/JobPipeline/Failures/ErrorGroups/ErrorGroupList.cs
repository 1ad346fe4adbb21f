namespace JobPipeline.Failures.ErrorGroups;

/// <summary>A filter for error groups; null properties match everything.</summary>
public sealed record ErrorGroupFilter
{
    public ErrorGroupState? State { get; init; }

    /// <summary>Matches groups seen in jobs of this type.</summary>
    public string? JobType { get; init; }

    /// <summary>Matches groups last seen before this time.</summary>
    public DateTimeOffset? LastSeenBefore { get; init; }

    public bool Matches(ErrorGroupSummary group) =>
        (State is null || group.State == State)
        && (JobType is null || group.JobTypes.Contains(JobType, StringComparer.Ordinal))
        && (LastSeenBefore is null || group.LastSeenAt < LastSeenBefore);
}

/// <summary>An error group in a list, without its samples.</summary>
public sealed record ErrorGroupSummary
{
    public required string Id { get; init; }

    public required string Title { get; init; }

    public required string ExceptionType { get; init; }

    public required IReadOnlyList<string> JobTypes { get; init; }

    public required ErrorGroupState State { get; init; }

    public required bool IsRegression { get; init; }

    /// <summary>The number of failures since the first one.</summary>
    public required long Count { get; init; }

    /// <summary>The failures by day, newest first; days without failures are omitted.</summary>
    public required IReadOnlyList<ErrorDay> Days { get; init; }

    public required DateTimeOffset FirstSeenAt { get; init; }

    public required DateTimeOffset LastSeenAt { get; init; }

    public required string FirstRelease { get; init; }

    public required string LastRelease { get; init; }

    public string? ResolvedIn { get; init; }

    public static ErrorGroupSummary Of(ErrorGroup group) => new()
    {
        Id = group.Id,
        Title = group.Title,
        ExceptionType = group.ExceptionType,
        JobTypes = group.JobTypes,
        State = group.State,
        IsRegression = group.IsRegression,
        Count = group.Count,
        Days = group.Days,
        FirstSeenAt = group.FirstSeenAt,
        LastSeenAt = group.LastSeenAt,
        FirstRelease = group.FirstRelease,
        LastRelease = group.LastRelease,
        ResolvedIn = group.ResolvedIn,
    };
}

/// <summary>A position in a list.</summary>
/// <param name="LastSeenAt">When the group at this position was last seen.</param>
/// <param name="Id">The id of that group.</param>
public sealed record ErrorGroupPlace(DateTimeOffset LastSeenAt, string Id)
{
    /// <summary>
    /// Returns whether the group comes after this position: it was last seen earlier, or at the same time and has a greater id.
    /// </summary>
    public bool Precedes(ErrorGroupSummary group) =>
        group.LastSeenAt < LastSeenAt || (group.LastSeenAt == LastSeenAt && string.CompareOrdinal(group.Id, Id) > 0);
}

/// <summary>A page of error groups.</summary>
/// <param name="Groups">The groups, last seen first.</param>
/// <param name="Next">The position to pass as <c>after</c> for the next page; null on the last page.</param>
public sealed record ErrorGroupPage(IReadOnlyList<ErrorGroupSummary> Groups, ErrorGroupPlace? Next);
