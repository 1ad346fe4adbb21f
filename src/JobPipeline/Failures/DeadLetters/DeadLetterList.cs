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

    public bool Matches(DeadLetterSummary letter) =>
        (Type is null || letter.Type == Type)
        && (Reason is null || letter.Reason == Reason)
        && (ErrorGroup is null || letter.ErrorGroup == ErrorGroup)
        && (From is null || letter.At >= From)
        && (To is null || letter.At < To)
        && (IsReplayed is null || letter.LastReplay is not null == IsReplayed);
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

    public static DeadLetterSummary Of(DeadLetter letter) => new()
    {
        Id = letter.Id,
        Reason = letter.Reason,
        Detail = letter.Detail,
        At = letter.At,
        Queue = letter.Queue,
        Type = letter.Type,
        ErrorGroup = letter.ErrorGroup,
        LastReplay = letter.Replays is [.., var last] ? last : null,
    };
}

/// <summary>A page of dead letters.</summary>
/// <param name="Letters">The dead letters, newest id first.</param>
/// <param name="Next">The id to pass as <c>before</c> for the next page; null on the last page.</param>
public sealed record DeadLetterPage(IReadOnlyList<DeadLetterSummary> Letters, JobId? Next);
