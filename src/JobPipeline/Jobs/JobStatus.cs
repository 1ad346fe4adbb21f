namespace JobPipeline.Jobs;

/// <summary>The part of a job's record that changes; written whole by every transition.</summary>
public sealed record JobStatus
{
    public required JobState State { get; init; }

    /// <summary>The attempt this state belongs to; 0 before the first claim.</summary>
    public required int Attempt { get; init; }

    /// <summary>When the job came into this state.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Waiting states: when it may start next.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Why it is in this state, for people: the last error, who cancelled, what it waits for.</summary>
    public string? Reason { get; init; }

    /// <summary>What the handler returned: UTF-8 JSON, empty when none or when it lies in a blob.</summary>
    public ReadOnlyMemory<byte> Result { get; init; }

    /// <summary>True when the result was too large for the record and is kept by <see cref="IPayloadStore"/>.</summary>
    public bool ResultInBlob { get; init; }

    /// <summary>For a dead letter: why, so that its follow-up can be repeated.</summary>
    public DeadLetterReason? DeadLetterReason { get; init; }

    /// <summary>For a dropped duplicate: the job that holds the unique key.</summary>
    public JobId? DuplicateOf { get; init; }
}
