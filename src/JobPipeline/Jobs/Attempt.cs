namespace JobPipeline.Jobs;

/// <summary>One attempt at a job: who claimed it, until when, and how it ended.</summary>
public sealed record Attempt
{
    public required JobId Job { get; init; }

    /// <summary>1, 2, 3 …; only a failure moves on to the next.</summary>
    public required int Number { get; init; }

    public required AttemptState State { get; init; }

    /// <summary>The fence: an outcome is accepted from the holder of this claim alone.</summary>
    public required Guid ClaimId { get; init; }

    /// <summary>The worker that made the claim.</summary>
    public required string Owner { get; init; }

    /// <summary>Running: the lease ends here unless it is renewed. Released: open to claims from here.</summary>
    public required DateTimeOffset LeaseUntil { get; init; }

    /// <summary>How many workers died, or lost their lease, while they held this attempt.</summary>
    public int Deaths { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>What went wrong, when it <see cref="AttemptState.Failed"/>.</summary>
    public AttemptError? Error { get; init; }

    /// <summary>The last progress that was reported.</summary>
    public JobProgress? Progress { get; init; }

    /// <summary>The last checkpoint that was saved: UTF-8 JSON.</summary>
    public ReadOnlyMemory<byte> Checkpoint { get; init; }

    /// <summary>Someone asked to cancel; the worker's heartbeat sees it.</summary>
    public bool CancelRequested { get; init; }

    /// <summary>The row's version for conditional writes (an ETag); null before it was ever stored.</summary>
    public string? Version { get; init; }
}
