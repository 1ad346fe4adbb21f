using JobPipeline.Jobs;

namespace JobPipeline.Failures.DeadLetters;

/// <summary>The record of a job that can't succeed as it is, or of a message that never became a job.</summary>
public sealed record DeadLetter
{
    /// <summary>The maximum number of replays kept.</summary>
    public const int MaxReplays = 10;

    /// <summary>The job's id; for an unreadable message, an id derived from its delivery.</summary>
    public required JobId Id { get; init; }

    public required DeadLetterReason Reason { get; init; }

    /// <summary>A description of what happened, for people.</summary>
    public required string Detail { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The queue it came from.</summary>
    public required string Queue { get; init; }

    /// <summary>The job type, if it could be read.</summary>
    public string? Type { get; init; }

    /// <summary>The message exactly as it was delivered; for a job of a packed message, its own part of the message.</summary>
    public ReadOnlyMemory<byte> Original { get; init; }

    /// <summary>The errors of all its attempts.</summary>
    public IReadOnlyList<AttemptError> Errors { get; init; } = [];

    /// <summary>The error group of its last error.</summary>
    public string? ErrorGroup { get; init; }

    /// <summary>The jobs created from it, oldest first; the newest <see cref="MaxReplays"/> are kept.</summary>
    public IReadOnlyList<Replay> Replays { get; init; } = [];

    /// <summary>The stored version; null before it is stored.</summary>
    public string? Version { get; init; }

    /// <summary>The W3C trace context of the producer.</summary>
    public string? TraceParent { get; init; }
}

/// <summary>A replay of a dead letter.</summary>
/// <param name="Job">The new job.</param>
/// <param name="At">When the replay was decided; the job's message is sent afterwards.</param>
/// <param name="By">Who requested it.</param>
public sealed record Replay(JobId Job, DateTimeOffset At, string By)
{
    /// <summary>The type of the new job, if it differs from the dead letter's.</summary>
    public string? Type { get; init; }

    /// <summary>
    /// Whether the payload differs from the dead letter's. An edited payload is stored under the new job's id before the replay is
    /// decided.
    /// </summary>
    public bool IsEdited { get; init; }
}
