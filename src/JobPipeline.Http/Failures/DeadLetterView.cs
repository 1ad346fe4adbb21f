using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Http.Jobs;
using JobPipeline.Jobs;

namespace JobPipeline.Http.Failures;

/// <summary>The API representation of a dead letter.</summary>
internal sealed record DeadLetterView
{
    public required JobId Id { get; init; }

    public required DeadLetterReason Reason { get; init; }

    public required string Detail { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Queue { get; init; }

    public string? Type { get; init; }

    public string? ErrorGroup { get; init; }

    /// <summary>The newest errors, oldest first.</summary>
    public required IReadOnlyList<AttemptError> Errors { get; init; }

    /// <summary>Every attempt of the job; absent if the job has no record.</summary>
    public IReadOnlyList<AttemptView>? Attempts { get; init; }

    public string? TraceParent { get; init; }

    /// <summary>The trace that <see cref="TraceParent"/> belongs to.</summary>
    public string? TraceId { get; init; }

    /// <summary>
    /// The payload with credentials among its headers redacted; absent if there is none, or if <see cref="PayloadNote"/> explains
    /// why.
    /// </summary>
    public JsonElement? Payload { get; init; }

    /// <summary>Why the payload is not shown.</summary>
    public string? PayloadNote { get; init; }

    /// <summary>The message as delivered, with credentials among its headers redacted; absent if it is not valid UTF-8.</summary>
    public string? Original { get; init; }

    /// <summary>The message in base64, if it is not valid UTF-8.</summary>
    public string? OriginalBase64 { get; init; }

    /// <summary>The newest 10 replays, oldest first.</summary>
    public required IReadOnlyList<ReplayView> Replays { get; init; }

    internal static DeadLetterView Of(DeadLetter deadLetter, ShownPayload payload, JobSnapshot rows, IReadOnlyList<ReplayView> replays)
    {
        var original = RedactedJson.Of(deadLetter.Original).Span;
        var isText = Utf8.IsValid(original);
        return new DeadLetterView
        {
            Id = deadLetter.Id,
            Reason = deadLetter.Reason,
            Detail = deadLetter.Detail,
            At = deadLetter.At,
            Queue = deadLetter.Queue,
            Type = deadLetter.Type,
            ErrorGroup = deadLetter.ErrorGroup,
            Errors = deadLetter.Errors,
            Attempts = rows.Record is null ? null : [.. rows.Attempts.Select(AttemptView.Of)],
            TraceParent = deadLetter.TraceParent,
            TraceId = ActivityContext.TryParse(deadLetter.TraceParent, null, out var context) ? context.TraceId.ToHexString() : null,
            Payload = payload.Json,
            PayloadNote = payload.Note,
            Original = isText ? Encoding.UTF8.GetString(original) : null,
            OriginalBase64 = isText ? null : Convert.ToBase64String(original),
            Replays = replays,
        };
    }
}
