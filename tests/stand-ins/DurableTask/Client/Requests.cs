namespace Microsoft.DurableTask.Client;

public record TerminateInstanceOptions(object? Output = null, bool Recursive = false);

public record PurgeInstanceOptions(bool Recursive = false);

public class PurgeResult(int count, bool? isComplete)
{
    public PurgeResult(int count)
        : this(count, null)
    {
    }

    public int PurgedInstanceCount { get; } = count;

    public bool? IsComplete { get; } = isComplete;
}

public record OrchestrationQuery(
    DateTimeOffset? CreatedFrom = null,
    DateTimeOffset? CreatedTo = null,
    IEnumerable<OrchestrationRuntimeStatus>? Statuses = null,
    IEnumerable<string>? TaskHubNames = null,
    string? InstanceIdPrefix = null,
    int PageSize = OrchestrationQuery.DefaultPageSize,
    bool FetchInputsAndOutputs = false,
    string? ContinuationToken = null)
{
    public const int DefaultPageSize = 100;
}

public record PurgeInstancesFilter(
    DateTimeOffset? CreatedFrom = null, DateTimeOffset? CreatedTo = null, IEnumerable<OrchestrationRuntimeStatus>? Statuses = null);
