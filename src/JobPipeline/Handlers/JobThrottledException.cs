namespace JobPipeline.Handlers;

/// <summary>Thrown by a handler that was asked to come back later: the job is deferred and no attempt is used.</summary>
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

    /// <summary>When to come back. Default 30 seconds.</summary>
    public TimeSpan RetryAfter { get; } = TimeSpan.FromSeconds(30);
}
