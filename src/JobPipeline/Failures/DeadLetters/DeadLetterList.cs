using JobPipeline.Jobs;

namespace JobPipeline.Failures.DeadLetters;

/// <summary>A filter for dead letters; null properties match everything.</summary>
public sealed record DeadLetterFilter
{
    public string? Type { get; init; }

    public DeadLetterReason? Reason { get; init; }

    public string? ErrorGroup { get; init; }

    /// <summary>Matches dead letters recorded at this time or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Matches dead letters recorded before this time.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>True matches dead letters that were replayed; false, those that were not.</summary>
    public bool? IsReplayed { get; init; }

    public bool Matches(DeadLetterSummary deadLetter) =>
        (Type is null || deadLetter.Type == Type)
        && (Reason is null || deadLetter.Reason == Reason)
        && (ErrorGroup is null || deadLetter.ErrorGroup == ErrorGroup)
        && (From is null || deadLetter.At >= From)
        && (To is null || deadLetter.At < To)
        && (IsReplayed is null || deadLetter.LastReplay is not null == IsReplayed);
}

/// <summary>A dead letter in a list, without its message and its errors.</summary>
public sealed record DeadLetterSummary
{
    public required JobId Id { get; init; }

    public required DeadLetterReason Reason { get; init; }

    public required string Detail { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Queue { get; init; }

    public string? Type { get; init; }

    public string? ErrorGroup { get; init; }

    /// <summary>The newest replay.</summary>
    public Replay? LastReplay { get; init; }

    public static DeadLetterSummary Of(DeadLetter deadLetter) => new()
    {
        Id = deadLetter.Id,
        Reason = deadLetter.Reason,
        Detail = deadLetter.Detail,
        At = deadLetter.At,
        Queue = deadLetter.Queue,
        Type = deadLetter.Type,
        ErrorGroup = deadLetter.ErrorGroup,
        LastReplay = deadLetter.Replays is [.., var last] ? last : null,
    };
}

/// <summary>A page of dead letters.</summary>
/// <param name="DeadLetters">The dead letters, newest id first.</param>
/// <param name="Next">The id to pass as <c>before</c> for the next page; null on the last page.</param>
public sealed record DeadLetterPage(IReadOnlyList<DeadLetterSummary> DeadLetters, JobId? Next);
