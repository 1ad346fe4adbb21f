using Microsoft.DurableTask;

namespace JobPipeline.Functions.Durable;

/// <summary>
/// How often an activity is called again that failed itself: storage could not be reached, or the worker was lost. What
/// an attempt's job does is no such failure; of that the machine decides.
/// </summary>
internal static class Activities
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>For about an hour; then the attempt counts as failed.</summary>
    public static TaskOptions Patient { get; } = TaskOptions.FromRetryPolicy(new RetryPolicy(maxNumberOfAttempts: 18, First, backoffCoefficient: 2, Longest));

    /// <summary>
    /// For about a day: nothing can go on without it. Then the orchestration fails, and its instance with it. The activities throw only
    /// while storage can't be reached; what fails at every try they answer themselves.
    /// </summary>
    public static TaskOptions Persistent { get; } = TaskOptions.FromRetryPolicy(new RetryPolicy(maxNumberOfAttempts: 300, First, backoffCoefficient: 2, Longest));
}
