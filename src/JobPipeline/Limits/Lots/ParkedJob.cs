using JobPipeline.Jobs;

namespace JobPipeline.Limits.Lots;

/// <summary>A job that waits at a gate: a row in the gate's partition that stands for its message.</summary>
internal sealed record ParkedJob
{
    public required JobId Job { get; init; }

    /// <summary>The place in the lot; it derives from what never changes about the job, so that parking twice is one row.</summary>
    public required ParkedKey Key { get; init; }

    /// <summary>The queue that the job belongs to.</summary>
    public required string Queue { get; init; }

    /// <summary>The job type.</summary>
    public required string Type { get; init; }

    /// <summary>The message that is sent when the gate lets the job start.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>When the job was parked.</summary>
    public required DateTimeOffset ParkedAt { get; init; }

    /// <summary>When the job expires if it has not started; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>
    /// Whether the row only keeps the place of a job for which no message stands: it asks again by itself, and no message is sent.
    /// </summary>
    public bool IsTicket { get; init; }

    /// <summary>Whether capacity is reserved for the job. A grant does not expire: it ends when the job starts.</summary>
    public bool IsGranted { get; init; }

    /// <summary>
    /// Whether the job has passed this gate and waits at another one: its capacity stays reserved, and the other gate sends its message.
    /// </summary>
    public bool IsKept { get; init; }

    /// <summary>When the message of a granted job was sent last; null before that.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>How often it was sent.</summary>
    public int Sends { get; init; }

    /// <summary>The stored version; null before it is stored.</summary>
    public string? Version { get; init; }
}
