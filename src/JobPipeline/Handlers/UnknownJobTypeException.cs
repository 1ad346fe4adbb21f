namespace JobPipeline.Handlers;

/// <summary>The exception that is thrown when no handler is registered for a job type; the message suggests the nearest one.</summary>
public sealed class UnknownJobTypeException : Exception
{
    public UnknownJobTypeException()
    {
    }

    public UnknownJobTypeException(string message) : base(message)
    {
    }

    public UnknownJobTypeException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
