namespace JobPipeline.Jobs;

/// <summary>The part of a job's record that changes. Every transition writes it as a whole.</summary>
public sealed record JobStatus
{
    public required JobState State { get; init; }

    /// <summary>The attempt that this state belongs to; 0 before the first claim.</summary>
    public required int Attempt { get; init; }

    /// <summary>When the job entered this state.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>In waiting states, the earliest next start.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>A human-readable reason for the state: the last error, who cancelled, what the job waits for.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether the job runs now whatever its limits and pauses, because someone asked for it.</summary>
    public bool IsExpedited { get; init; }

    /// <summary>The handler's result as UTF-8 JSON; empty when there is none or when it is stored in a blob.</summary>
    public ReadOnlyMemory<byte> Result { get; init; }

    /// <summary>Whether the result was too large for the record and is stored by <see cref="IPayloadStore"/>.</summary>
    public bool ResultInBlob { get; init; }

    /// <summary>The reason of a dead letter, so that its follow-up can be repeated.</summary>
    public DeadLetterReason? DeadLetterReason { get; init; }

    /// <summary>The job that holds the unique key, for a discarded duplicate.</summary>
    public JobId? DuplicateOf { get; init; }
}
