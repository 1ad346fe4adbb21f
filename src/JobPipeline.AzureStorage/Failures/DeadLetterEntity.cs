using System.Text.Json;
using Azure.Data.Tables;
using JobPipeline.AzureStorage.Jobs;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Jobs;

namespace JobPipeline.AzureStorage.Failures;

/// <summary>Converts dead letters to and from table entities.</summary>
internal static class DeadLetterEntity
{
    private const int MaxTextChars = 4000;
    private const int MaxErrorsChars = 32_000;
    private const int MaxErrors = 20;

    /// <summary>The columns of a list entry, without the message and the errors, which make up most of a row.</summary>
    public static IReadOnlyList<string> SummaryColumns { get; } =
    [
        "JobId", "Reason", "Detail", "At", "Queue", "Type", "ErrorGroup", "Replays",
    ];

    public static TableEntity From(DeadLetter deadLetter) => new(Partition(deadLetter.Id), JobRows.Record(deadLetter.Id))
    {
        ["JobId"] = deadLetter.Id.ToString(),
        ["Reason"] = deadLetter.Reason.ToString(),
        ["Detail"] = Column.Cut(deadLetter.Detail, MaxTextChars),
        ["At"] = deadLetter.At,
        ["Queue"] = deadLetter.Queue,
        ["Type"] = deadLetter.Type,
        ["ErrorGroup"] = deadLetter.ErrorGroup,
        ["Replays"] = ReplaysText(deadLetter),
        ["Original"] = deadLetter.Original.ToArray(),
        ["Errors"] = Errors(deadLetter.Errors),
        ["TraceParent"] = deadLetter.TraceParent,
    };

    /// <summary>Creates an entity with only the replays, to be merged.</summary>
    public static TableEntity Replays(DeadLetter deadLetter) =>
        new(Partition(deadLetter.Id), JobRows.Record(deadLetter.Id)) { ["Replays"] = ReplaysText(deadLetter) };

    public static DeadLetter ToLetter(TableEntity entity) => new()
    {
        Id = JobId.Parse(entity.GetString("JobId")),
        Reason = Enum.Parse<DeadLetterReason>(entity.GetString("Reason")),
        Detail = entity.GetString("Detail"),
        At = entity.GetDateTimeOffset("At")!.Value,
        Queue = entity.GetString("Queue"),
        Type = entity.GetString("Type"),
        ErrorGroup = entity.GetString("ErrorGroup"),
        Replays = ReadReplays(entity),
        Original = entity.GetBinary("Original"),
        Errors = JsonSerializer.Deserialize<AttemptError[]>(entity.GetString("Errors"))!,
        TraceParent = entity.GetString("TraceParent"),
        Version = entity.ETag.ToString(),
    };

    /// <param name="entity">An entity with at least the <see cref="SummaryColumns"/>.</param>
    public static DeadLetterSummary ToSummary(TableEntity entity) => new()
    {
        Id = JobId.Parse(entity.GetString("JobId")),
        Reason = Enum.Parse<DeadLetterReason>(entity.GetString("Reason")),
        Detail = entity.GetString("Detail"),
        At = entity.GetDateTimeOffset("At")!.Value,
        Queue = entity.GetString("Queue"),
        Type = entity.GetString("Type"),
        ErrorGroup = entity.GetString("ErrorGroup"),
        LastReplay = ReadReplays(entity) is [.., var last] ? last : null,
    };

    /// <summary>Returns the partition of a day. Its number counts down, so that later days sort first.</summary>
    public static string Partition(DateOnly day) => $"{99_999_999 - ((day.Year * 10_000) + (day.Month * 100) + day.Day):d8}";

    public static string Partition(JobId id) => Partition(DateOnly.FromDateTime(id.Timestamp.UtcDateTime));

    /// <summary>Returns null for no replays, so that a list can filter by the presence of the column.</summary>
    private static string? ReplaysText(DeadLetter deadLetter) =>
        deadLetter.Replays.Count == 0 ? null : JsonSerializer.Serialize(deadLetter.Replays.TakeLast(DeadLetter.MaxReplays));

    private static Replay[] ReadReplays(TableEntity entity) =>
        entity.GetString("Replays") is { } replays ? JsonSerializer.Deserialize<Replay[]>(replays)! : [];

    /// <summary>Serializes the newest errors, as many as fit one column; the job's attempts hold all of them.</summary>
    private static string Errors(IReadOnlyList<AttemptError> errors)
    {
        for (var count = Math.Min(errors.Count, MaxErrors); ; count--)
        {
            var json = JsonSerializer.Serialize(errors.Skip(errors.Count - count).Select(error => error.Trimmed()));
            if (json.Length <= MaxErrorsChars || count == 0)
                return json;
        }
    }
}
