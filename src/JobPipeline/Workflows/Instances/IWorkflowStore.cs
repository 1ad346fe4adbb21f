using JobPipeline.Workflows.Machine;

namespace JobPipeline.Workflows.Instances;

/// <summary>Stores workflow instances.</summary>
internal interface IWorkflowStore
{
    /// <summary>The maximum number of workflow instances on a page.</summary>
    const int MaxLimit = 200;

    /// <summary>The maximum number of outputs that are stored with a workflow instance.</summary>
    const int MaxOutputs = 90;

    /// <summary>The maximum size of the outputs that are stored with a workflow instance, in bytes.</summary>
    const int MaxOutputBytes = 2 * 1024 * 1024;

    /// <summary>Reads a workflow instance; null if it does not exist.</summary>
    Task<WorkflowInstance?> ReadAsync(string id, CancellationToken cancellationToken);

    /// <summary>
    /// Inserts a workflow instance that has no version, or replaces one whose stored version is unchanged. Returns the new
    /// version, or null if the instance already exists, was changed or was deleted. The <see cref="WorkflowInstance.Outputs"/>, at most
    /// <see cref="MaxOutputs"/>, are stored in the same transaction. The definition is stored by the insert alone.
    /// </summary>
    Task<string?> TryWriteAsync(WorkflowInstance instance, CancellationToken cancellationToken);

    /// <summary>
    /// Lists workflow instances, newest first, at most <paramref name="limit"/> of them (1 to <see cref="MaxLimit"/>). The work
    /// of one call is bounded, as for every list.
    /// </summary>
    /// <exception cref="FormatException">The cursor is not one that a list returned.</exception>
    Task<WorkflowPage> ListAsync(WorkflowFilter filter, string? cursor, int limit, CancellationToken cancellationToken);

    /// <summary>Deletes a workflow instance. Returns false if it does not exist.</summary>
    Task<bool> RemoveAsync(string id, CancellationToken cancellationToken);

    /// <summary>Deletes the list entry of a workflow instance that was deleted, or whose start was not completed.</summary>
    Task RemoveListingAsync(WorkflowSummary listed, CancellationToken cancellationToken);
}

/// <summary>A filter for listing workflow instances. Null properties match everything; the times apply to the creation.</summary>
internal sealed record WorkflowFilter(
    string? Name = null, WorkflowStatus? Status = null, DateTimeOffset? From = null, DateTimeOffset? To = null)
{
    public bool Matches(WorkflowSummary instance) =>
        (Name is null || instance.Name == Name)
        && (Status is null || instance.Status == Status)
        && (From is null || instance.CreatedAt >= From)
        && (To is null || instance.CreatedAt < To);
}

/// <summary>A workflow instance in a list.</summary>
internal sealed record WorkflowSummary(
    string Id,
    string Name,
    int Version,
    WorkflowStatus Status,
    bool IsSuspended,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    /// <summary>
    /// Whether the workflow instance is stalled: an operation that it depends on keeps failing and is retried
    /// (<see cref="WorkflowStall.IsLasting"/>).
    /// </summary>
    public bool IsStalled { get; init; }

    public static WorkflowSummary Of(WorkflowInstance instance) => new(
        instance.Id,
        instance.Definition.Name,
        instance.Definition.Version,
        instance.State.Status,
        instance.State.IsSuspended,
        instance.State.CreatedAt,
        instance.State.UpdatedAt)
    {
        IsStalled = instance.Stall is { IsLasting: true },
    };
}

/// <summary>A page of a list of workflow instances.</summary>
/// <param name="Instances">The workflow instances, newest first.</param>
/// <param name="Next">The cursor of the next page; null on the last page.</param>
internal sealed record WorkflowPage(IReadOnlyList<WorkflowSummary> Instances, string? Next);
