namespace JobPipeline.Jobs;

/// <summary>One attempt at a job: the worker that claimed it, its lease and how it ended.</summary>
public sealed record Attempt
{
    public required JobId Job { get; init; }

    /// <summary>The attempt number, counted from 1. It grows only after a failure.</summary>
    public required int Number { get; init; }

    public required AttemptState State { get; init; }

    /// <summary>The fencing token: an outcome is accepted only from the holder of this claim.</summary>
    public required Guid ClaimId { get; init; }

    /// <summary>The name of the worker that holds the claim.</summary>
    public required string Owner { get; init; }

    /// <summary>
    /// While running, the end of the lease unless it is renewed. When released, the time from which the attempt can be claimed
    /// again.
    /// </summary>
    public required DateTimeOffset LeaseUntil { get; init; }

    /// <summary>The number of workers that crashed, or lost their lease, while they held this attempt.</summary>
    public int Deaths { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The error of a <see cref="AttemptState.Failed"/> attempt.</summary>
    public AttemptError? Error { get; init; }

    /// <summary>The last reported progress.</summary>
    public JobProgress? Progress { get; init; }

    /// <summary>The last saved checkpoint, as UTF-8 JSON.</summary>
    public ReadOnlyMemory<byte> Checkpoint { get; init; }

    /// <summary>Whether cancellation was requested. The worker sees the request at its next heartbeat.</summary>
    public bool CancelRequested { get; init; }

    /// <summary>The row's version for conditional writes (an ETag); null before the row is first stored.</summary>
    public string? Version { get; init; }
}
