using JobPipeline.Jobs;

namespace JobPipeline.Workflows.Definitions;

/// <summary>How often and when a step, or an item of a fan-out, is tried again. In a workflow the workflow alone retries.</summary>
/// <param name="MaxAttempts">Attempts in all.</param>
/// <param name="Backoff">The waits between them.</param>
public sealed record StepRetry(int MaxAttempts, RetrySchedule Backoff)
{
    /// <summary>No second attempt.</summary>
    public static StepRetry Once { get; } = new(1, new RetrySchedule(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10)));
}
