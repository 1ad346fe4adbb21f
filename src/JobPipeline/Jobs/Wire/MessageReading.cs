namespace JobPipeline.Jobs.Wire;

/// <summary>The result of reading a message body.</summary>
internal abstract record MessageReading
{
    private MessageReading()
    {
    }

    /// <summary>The message of one job.</summary>
    public sealed record Job(JobMessage Message) : MessageReading;

    /// <summary>A packed message; each part is the body of one job's message.</summary>
    public sealed record Pack(IReadOnlyList<ReadOnlyMemory<byte>> Parts) : MessageReading
    {
        /// <inheritdoc cref="JobMessage.IsSentHidden"/>
        public bool IsSentHidden { get; init; }
    }

    /// <summary>A message that can never run.</summary>
    public sealed record Unreadable(DeadLetterReason Reason, string Why) : MessageReading;
}
