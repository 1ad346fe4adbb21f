using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Http.Requests;
using JobPipeline.Jobs;

namespace JobPipeline.Http.Failures;

/// <summary>A filter for dead letters; absent members match everything.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record DeadLetterSelection
{
    public string? Type { get; init; }

    [EnumDataType(typeof(DeadLetterReason))]
    public DeadLetterReason? Reason { get; init; }

    public string? ErrorGroup { get; init; }

    /// <summary>Only dead letters stored at or after this time.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only dead letters stored before this time.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Only dead letters older than this; an alternative to <see cref="To"/>.</summary>
    public TimeSpan? OlderThan { get; init; }

    /// <summary>Only dead letters at most this old; an alternative to <see cref="From"/>.</summary>
    public TimeSpan? NewerThan { get; init; }

    /// <summary>Whether to select only replayed (true) or only not yet replayed (false) dead letters.</summary>
    public bool? Replayed { get; init; }

    internal bool IsEverything => this == new DeadLetterSelection();

    internal static DeadLetterSelection Of(QueryReader query) => new()
    {
        Type = query.Text("type"),
        Reason = query.Word<DeadLetterReason>("reason"),
        ErrorGroup = query.Text("errorGroup"),
        From = query.Time("from"),
        To = query.Time("to"),
        OlderThan = query.Delay("olderThan"),
        NewerThan = query.Delay("newerThan"),
        Replayed = query.Flag("replayed"),
    };

    internal IEnumerable<ValidationError> Errors()
    {
        if (To is not null && OlderThan is not null)
            yield return new("olderThan", "can't be combined with 'to'");
        if (From is not null && NewerThan is not null)
            yield return new("newerThan", "can't be combined with 'from'");
        if (IsOutOfRange(OlderThan))
            yield return new("olderThan", $"must be a duration from zero to {JobLimits.MaxDelay:c}");
        if (IsOutOfRange(NewerThan))
            yield return new("newerThan", $"must be a duration from zero to {JobLimits.MaxDelay:c}");
        foreach (var (name, time) in new[] { ("from", From), ("to", To) })
        {
            if (time?.UtcDateTime.Year is < JobLimits.FirstYear or > JobLimits.LastYear)
                yield return new(name, $"must be in the years {JobLimits.FirstYear} to {JobLimits.LastYear}");
        }
    }

    internal DeadLetterFilter ToFilter(DateTimeOffset now) => new()
    {
        Type = Type,
        Reason = Reason,
        ErrorGroup = ErrorGroup,
        From = From?.ToUniversalTime() ?? now - NewerThan,
        To = To?.ToUniversalTime() ?? now - OlderThan,
        IsReplayed = Replayed,
    };

    private static bool IsOutOfRange(TimeSpan? age) => age < TimeSpan.Zero || age > JobLimits.MaxDelay;
}
