namespace Microsoft.DurableTask;

public record TaskOptions
{
    public TaskOptions(TaskRetryOptions? retry = null, IDictionary<string, string>? tags = null) => (Retry, Tags) = (retry, tags);

    public TaskOptions(TaskOptions options) => (Retry, Tags) = (options.Retry, options.Tags);

    public TaskRetryOptions? Retry { get; init; }

    public IDictionary<string, string>? Tags { get; init; }

    public static TaskOptions FromRetryPolicy(RetryPolicy policy) => new(policy);

    public SubOrchestrationOptions WithInstanceId(string instanceId) => new(this, instanceId);
}

public record SubOrchestrationOptions : TaskOptions
{
    public SubOrchestrationOptions(TaskRetryOptions? retry = null, string? instanceId = null)
        : base(retry) => InstanceId = instanceId;

    public SubOrchestrationOptions(TaskOptions options, string? instanceId = null)
        : base(options) => InstanceId = instanceId;

    public SubOrchestrationOptions(SubOrchestrationOptions options)
        : base(options) => InstanceId = options.InstanceId;

    public string? InstanceId { get; init; }
}

public sealed class TaskRetryOptions(RetryPolicy policy)
{
    public RetryPolicy? Policy { get; } = policy;

    public static implicit operator TaskRetryOptions(RetryPolicy policy) => new(policy);

    public static TaskRetryOptions FromRetryPolicy(RetryPolicy policy) => new(policy);
}

public class RetryPolicy(
    int maxNumberOfAttempts,
    TimeSpan firstRetryInterval,
    double backoffCoefficient = 1.0,
    TimeSpan? maxRetryInterval = null,
    TimeSpan? retryTimeout = null)
{
    public int MaxNumberOfAttempts { get; } = maxNumberOfAttempts;

    public TimeSpan FirstRetryInterval { get; } = firstRetryInterval;

    public double BackoffCoefficient { get; } = backoffCoefficient;

    public TimeSpan MaxRetryInterval { get; } = maxRetryInterval ?? TimeSpan.FromHours(1);

    public TimeSpan RetryTimeout { get; } = retryTimeout ?? Timeout.InfiniteTimeSpan;
}
