using System.Text.Json;
using Azure.Data.Tables;
using JobPipeline.AzureStorage.Jobs;
using JobPipeline.Failures;
using JobPipeline.Jobs;

namespace JobPipeline.AzureStorage;

/// <summary>
/// Dead letters in a table whose keys are inverted times, so that the newest come first and a list reads no more rows than
/// it returns. The key derives from the id alone: a letter written again overwrites itself.
/// </summary>
internal sealed class TableDeadLetterStore(TableClient table) : IDeadLetterStore
{
    private const int MaxTextChars = 4000;
    private const int MaxErrorsChars = 32_000;
    private const int MaxErrors = 20;

    public Task WriteAsync(DeadLetter letter, CancellationToken cancellationToken) =>
        table.UpsertEntityAsync(
            new TableEntity(Partition(letter.Id), JobRows.Record(letter.Id))
            {
                ["JobId"] = letter.Id.ToString(),
                ["Reason"] = letter.Reason.ToString(),
                ["Detail"] = Column.Cut(letter.Detail, MaxTextChars),
                ["At"] = letter.At,
                ["Queue"] = letter.Queue,
                ["Type"] = letter.Type,
                ["Original"] = letter.Original.ToArray(),
                ["Errors"] = Errors(letter.Errors),
                ["TraceParent"] = letter.TraceParent,
            },
            TableUpdateMode.Replace,
            cancellationToken);

    public async Task<DeadLetter?> ReadAsync(JobId id, CancellationToken cancellationToken) =>
        await table.GetEntityIfExistsAsync<TableEntity>(Partition(id), JobRows.Record(id), cancellationToken: cancellationToken) is { HasValue: true, Value: { } entity }
            ? ToLetter(entity)
            : null;

    public async Task<IReadOnlyList<DeadLetter>> ListAsync(int max, CancellationToken cancellationToken)
    {
        var letters = new List<DeadLetter>();
        if (max <= 0)
            return letters;
        await foreach (var entity in table.QueryAsync<TableEntity>(maxPerPage: Math.Min(max, 1000), cancellationToken: cancellationToken))
        {
            letters.Add(ToLetter(entity));
            if (letters.Count >= max)
                break;
        }

        return letters;
    }

    /// <summary>Days count down, so that later ones sort first.</summary>
    internal static string Partition(DateOnly day) => $"{99_999_999 - ((day.Year * 10_000) + (day.Month * 100) + day.Day):d8}";

    private static string Partition(JobId id) => Partition(DateOnly.FromDateTime(id.Timestamp.UtcDateTime));

    /// <summary>The newest errors, as many as fit one column; all of them are in the job's own attempts.</summary>
    private static string Errors(IReadOnlyList<AttemptError> errors)
    {
        for (var count = Math.Min(errors.Count, MaxErrors); ; count--)
        {
            var json = JsonSerializer.Serialize(errors.Skip(errors.Count - count).Select(error => error.Trimmed()));
            if (json.Length <= MaxErrorsChars || count == 0)
                return json;
        }
    }

    private static DeadLetter ToLetter(TableEntity entity) => new()
    {
        Id = JobId.Parse(entity.GetString("JobId")),
        Reason = Enum.Parse<DeadLetterReason>(entity.GetString("Reason")),
        Detail = entity.GetString("Detail"),
        At = entity.GetDateTimeOffset("At")!.Value,
        Queue = entity.GetString("Queue"),
        Type = entity.GetString("Type"),
        Original = entity.GetBinary("Original"),
        Errors = JsonSerializer.Deserialize<AttemptError[]>(entity.GetString("Errors"))!,
        TraceParent = entity.GetString("TraceParent"),
    };
}
