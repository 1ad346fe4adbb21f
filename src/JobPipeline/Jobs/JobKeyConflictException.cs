namespace JobPipeline.Jobs;

/// <summary>The exception that is thrown when a unique key is held by a job with a different payload.</summary>
public sealed class JobKeyConflictException : Exception
{
    public JobKeyConflictException()
    {
    }

    public JobKeyConflictException(string message) : base(message)
    {
    }

    public JobKeyConflictException(string message, Exception innerException) : base(message, innerException)
    {
    }

    public JobKeyConflictException(string message, JobId holder) : base(message) => Holder = holder;

    /// <summary>The job that holds the key.</summary>
    public JobId Holder { get; }
}
