namespace JobPipeline.Handlers;

/// <summary>
/// The exception that a handler throws when a service asked it to retry later. The job is deferred and no attempt is used.
/// </summary>
public sealed class JobThrottledException : Exception
{
    public JobThrottledException()
    {
    }

    public JobThrottledException(string message) : base(message)
    {
    }

    public JobThrottledException(string message, Exception innerException) : base(message, innerException)
    {
    }

    public JobThrottledException(string message, TimeSpan retryAfter) : base(message) => RetryAfter = retryAfter;

    /// <summary>The delay before the job runs again. The default is 30 seconds.</summary>
    public TimeSpan RetryAfter { get; } = TimeSpan.FromSeconds(30);
}
