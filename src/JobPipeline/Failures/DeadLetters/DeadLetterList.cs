using JobPipeline.Jobs;

namespace JobPipeline.Failures.DeadLetters;

/// <summary>Which dead letters. What is null does not matter.</summary>
public sealed record DeadLetterFilter
{
    public string? Type { get; init; }

    public DeadLetterReason? Reason { get; init; }

    public string? ErrorGroup { get; init; }

    /// <summary>Not kept before this.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Kept before this.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>True: such that were replayed; false: such that were not.</summary>
    public bool? IsReplayed { get; init; }

    public bool Matches(DeadLetterSummary letter) =>
        (Type is null || letter.Type == Type)
        && (Reason is null || letter.Reason == Reason)
        && (ErrorGroup is null || letter.ErrorGroup == ErrorGroup)
        && (From is null || letter.At >= From)
        && (To is null || letter.At < To)
        && (IsReplayed is null || letter.LastReplay is not null == IsReplayed);
}

/// <summary>A dead letter in a list: without its message and its errors.</summary>
public sealed record DeadLetterSummary
{
    public required JobId Id { get; init; }

    public required DeadLetterReason Reason { get; init; }

    public required string Detail { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Queue { get; init; }

    public string? Type { get; init; }

    public string? ErrorGroup { get; init; }

    /// <summary>The newest job that was made of it.</summary>
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

/// <summary>Some dead letters of a list.</summary>
/// <param name="Letters">Newest id first.</param>
/// <param name="Next">Pass it as <c>before</c> to go on; null: there are no more.</param>
public sealed record DeadLetterPage(IReadOnlyList<DeadLetterSummary> Letters, JobId? Next);
