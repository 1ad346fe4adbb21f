using Microsoft.DurableTask;

namespace JobPipeline.DurableEngine;

/// <summary>Retries a call with timers of the orchestrator, according to the <see cref="RetryPolicy"/> of its options.</summary>
internal static class RetriedCall
{
    public static async Task<T> InvokeAsync<T>(TaskOrchestrationContext context, RetryPolicy policy, Func<Task<T>> call)
    {
        var began = context.CurrentUtcDateTime;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (TaskFailedException)
            {
                var isLast = attempt == policy.MaxNumberOfAttempts;
                var isOver = policy.RetryTimeout != Timeout.InfiniteTimeSpan && context.CurrentUtcDateTime >= began + policy.RetryTimeout;
                if (!isLast && isOver)
                    throw;
                // Also after the last attempt, for compatibility with old histories: a timer that is due at once.
                await context.CreateTimer(
                    isLast ? context.CurrentUtcDateTime : context.CurrentUtcDateTime + Backoff(policy, attempt), CancellationToken.None);
                if (isLast)
                    throw;
            }
        }
    }

    private static TimeSpan Backoff(RetryPolicy policy, int attempt)
    {
        var wait = policy.FirstRetryInterval * Math.Pow(policy.BackoffCoefficient, attempt - 1);
        return policy.MaxRetryInterval != Timeout.InfiniteTimeSpan && wait > policy.MaxRetryInterval ? policy.MaxRetryInterval : wait;
    }
}
