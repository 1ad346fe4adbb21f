namespace JobPipeline.Handlers;

/// <summary>The exception that a handler throws when retrying can't help. The job becomes a dead letter immediately.</summary>
public sealed class JobRejectedException : Exception
{
    public JobRejectedException()
    {
    }

    public JobRejectedException(string message) : base(message)
    {
    }

    public JobRejectedException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
