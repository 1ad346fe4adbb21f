namespace JobPipeline.Failures.ErrorGroups;

/// <summary>The failures of one group seen by one instance since its last write.</summary>
internal sealed record ErrorBatch
{
    public required ErrorBatchId Id { get; init; }

    /// <summary>The group's id.</summary>
    public required string Group { get; init; }

    public required string Title { get; init; }

    public required string ExceptionType { get; init; }

    public IReadOnlyList<string> JobTypes { get; init; } = [];

    /// <summary>The release that the instance runs.</summary>
    public required string Release { get; init; }

    /// <summary>The number of failures by day; at least one day.</summary>
    public required IReadOnlyList<ErrorDay> Days { get; init; }

    public required DateTimeOffset FirstAt { get; init; }

    public required DateTimeOffset LastAt { get; init; }

    public IReadOnlyList<ErrorSample> Samples { get; init; } = [];
}
