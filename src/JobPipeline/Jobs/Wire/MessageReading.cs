namespace JobPipeline.Jobs.Wire;

/// <summary>What a message body turned out to be.</summary>
public abstract record MessageReading
{
    private MessageReading()
    {
    }

    /// <summary>One job.</summary>
    public sealed record Job(JobMessage Message) : MessageReading;

    /// <summary>Many jobs in one message; each part is the body of one.</summary>
    public sealed record Pack(IReadOnlyList<ReadOnlyMemory<byte>> Parts) : MessageReading;

    /// <summary>Nothing that could ever run.</summary>
    public sealed record Unreadable(DeadLetterReason Reason, string Why) : MessageReading;
}
