using Microsoft.DurableTask;

namespace JobPipeline.Functions.Durable;

/// <summary>
/// The retry policies for activities that fail because storage is unreachable or the worker is lost. A failed job is not such a
/// failure; the workflow machine decides about that.
/// </summary>
internal static class Activities
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>Retries for about an hour; after that, the step attempt counts as failed.</summary>
    public static TaskOptions Patient { get; } = TaskOptions.FromRetryPolicy(
        new RetryPolicy(maxNumberOfAttempts: 18, First, backoffCoefficient: 2, Longest));

    /// <summary>
    /// Retries for about a day, for activities without which the workflow can't continue. After that, the orchestration fails and
    /// its workflow instance with it. These activities throw only while storage is unreachable; they return permanent failures as
    /// results.
    /// </summary>
    public static TaskOptions Persistent { get; } = TaskOptions.FromRetryPolicy(
        new RetryPolicy(maxNumberOfAttempts: 300, First, backoffCoefficient: 2, Longest));
}
