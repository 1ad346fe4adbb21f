namespace JobPipeline.Handlers;

/// <summary>Thrown by a handler to say that trying again can't help: the job becomes a dead letter at once.</summary>
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
