namespace JobPipeline.Jobs.Wire;

/// <summary>A message, or a request to enqueue one, is not in the shape of the contract; the message says what and where.</summary>
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

    /// <summary>The reason of the dead letter that such a message becomes.</summary>
    public DeadLetterReason Reason { get; } = DeadLetterReason.Unreadable;
}
