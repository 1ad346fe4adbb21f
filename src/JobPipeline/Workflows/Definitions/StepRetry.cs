using JobPipeline.Jobs;

namespace JobPipeline.Workflows.Definitions;

/// <summary>
/// The retry policy of a step, or of each item of a fan-out. It replaces the retries of the job: a job of a workflow is not
/// retried on its own.
/// </summary>
/// <param name="MaxAttempts">The maximum number of attempts.</param>
/// <param name="Backoff">The delays between the attempts.</param>
internal sealed record StepRetry(int MaxAttempts, RetrySchedule Backoff)
{
    /// <summary>The policy without retries.</summary>
    public static StepRetry Once { get; } = new(1, new RetrySchedule(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10)));
}
