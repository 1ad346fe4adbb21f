namespace JobPipeline.Jobs.Wire;

/// <summary>The exception that is thrown when a message, or a request to enqueue one, violates the message format.</summary>
public sealed class MessageFormatException : FormatException
{
    public MessageFormatException()
    {
    }

    public MessageFormatException(string message) : base(message)
    {
    }

    public MessageFormatException(string message, Exception innerException) : base(message, innerException)
    {
    }

    internal MessageFormatException(DeadLetterReason reason, string message) : base(message) => Reason = reason;

    /// <summary>The reason of the dead letter that the message becomes.</summary>
    public DeadLetterReason Reason { get; } = DeadLetterReason.Unreadable;
}
