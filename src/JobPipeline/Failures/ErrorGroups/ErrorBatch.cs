namespace JobPipeline.Failures.ErrorGroups;

/// <summary>Failures of one group that one instance has seen since it last wrote them down.</summary>
internal sealed record ErrorBatch
{
    public required ErrorBatchId Id { get; init; }

    /// <summary>The group's id.</summary>
    public required string Group { get; init; }

    public required string Title { get; init; }

    public required string ExceptionType { get; init; }

    public IReadOnlyList<string> JobTypes { get; init; } = [];

    /// <summary>The instance's release.</summary>
    public required string Release { get; init; }

    /// <summary>How many on each day; at least one.</summary>
    public required IReadOnlyList<ErrorDay> Days { get; init; }

    public required DateTimeOffset FirstAt { get; init; }

    public required DateTimeOffset LastAt { get; init; }

    public IReadOnlyList<ErrorSample> Samples { get; init; } = [];
}
