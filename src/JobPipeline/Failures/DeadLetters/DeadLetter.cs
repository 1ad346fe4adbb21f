using JobPipeline.Jobs;

namespace JobPipeline.Failures.DeadLetters;

/// <summary>What is kept of a job, or of a message that never became one, that can't succeed as it is.</summary>
public sealed record DeadLetter
{
    /// <summary>Most replays that are kept.</summary>
    public const int MaxReplays = 10;

    /// <summary>The job's id; for a message that could not be read, an id that derives from its delivery.</summary>
    public required JobId Id { get; init; }

    public required DeadLetterReason Reason { get; init; }

    /// <summary>What happened, to what, for people.</summary>
    public required string Detail { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The queue it came from.</summary>
    public required string Queue { get; init; }

    /// <summary>The job type, where one could be read.</summary>
    public string? Type { get; init; }

    /// <summary>The message exactly as it was delivered; for a job that travelled in a pack, its own part of it.</summary>
    public ReadOnlyMemory<byte> Original { get; init; }

    /// <summary>Every attempt that was made.</summary>
    public IReadOnlyList<AttemptError> Errors { get; init; } = [];

    /// <summary>The error group of its last error.</summary>
    public string? ErrorGroup { get; init; }

    /// <summary>The jobs that were made of it since, oldest first; the newest <see cref="MaxReplays"/> are kept.</summary>
    public IReadOnlyList<Replay> Replays { get; init; } = [];

    /// <summary>The store's version of it; null before it is stored.</summary>
    public string? Version { get; init; }

    /// <summary>W3C trace context of the producer.</summary>
    public string? TraceParent { get; init; }
}

/// <summary>A dead letter's second chance.</summary>
/// <param name="Job">The new job.</param>
/// <param name="At">When it was decided; the job's message follows.</param>
/// <param name="By">Who asked for it.</param>
public sealed record Replay(JobId Job, DateTimeOffset At, string By)
{
    /// <summary>The job's type, where it is not the letter's.</summary>
    public string? Type { get; init; }

    /// <summary>True: the payload is not the letter's. It is kept under the job's id, and was before this was decided.</summary>
    public bool IsEdited { get; init; }
}
