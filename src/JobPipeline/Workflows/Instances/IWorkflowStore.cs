using JobPipeline.Workflows.Machine;

namespace JobPipeline.Workflows.Instances;

/// <summary>Keeps instances.</summary>
public interface IWorkflowStore
{
    /// <summary>Most instances on a page.</summary>
    const int MaxLimit = 200;

    /// <summary>Null: there is none of that id.</summary>
    Task<WorkflowInstance?> ReadAsync(string id, CancellationToken cancellationToken);

    /// <summary>Inserts an instance without a version, replaces one whose stored version is still that one; returns the new version. Null: it is there already, was changed or is gone.</summary>
    Task<string?> TryWriteAsync(WorkflowInstance instance, CancellationToken cancellationToken);

    /// <summary>The next instances, newest first, at most <paramref name="limit"/> (1 to <see cref="MaxLimit"/>); its work is bounded like that of any list.</summary>
    /// <exception cref="FormatException">The cursor is none that a list has given.</exception>
    Task<WorkflowPage> ListAsync(WorkflowFilter filter, string? cursor, int limit, CancellationToken cancellationToken);

    /// <summary>Removes an instance. False: there was none.</summary>
    Task<bool> RemoveAsync(string id, CancellationToken cancellationToken);

    /// <summary>Removes what lists still show of an instance that is gone, or of a start that came to nothing.</summary>
    Task RemoveListingAsync(WorkflowSummary listed, CancellationToken cancellationToken);
}

/// <summary>Which instances. What is null does not matter; times are those of creation.</summary>
public sealed record WorkflowFilter(string? Name = null, WorkflowStatus? Status = null, DateTimeOffset? From = null, DateTimeOffset? To = null)
{
    public bool Matches(WorkflowSummary instance) =>
        (Name is null || instance.Name == Name)
        && (Status is null || instance.Status == Status)
        && (From is null || instance.CreatedAt >= From)
        && (To is null || instance.CreatedAt < To);
}

/// <summary>An instance in a list.</summary>
public sealed record WorkflowSummary(string Id, string Name, int Version, WorkflowStatus Status, bool IsSuspended, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    /// <summary>It does not get on: what it asks for is tried again and again (<see cref="WorkflowStall.IsLasting"/>).</summary>
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

/// <summary>Some instances of a list.</summary>
/// <param name="Instances">Newest first.</param>
/// <param name="Next">Pass it as the cursor to go on; null: there are no more.</param>
public sealed record WorkflowPage(IReadOnlyList<WorkflowSummary> Instances, string? Next);
