using System.Text.Json;
using Azure.Data.Tables;
using JobPipeline.Failures;
using JobPipeline.Jobs;

namespace JobPipeline.AzureStorage.Jobs;

/// <summary>
/// A record as an entity. Its status is written whole by every merge; a merge can't clear a column, so an absent value is
/// written as an empty one, or as the first moment of <see cref="DateTimeOffset"/> that the service can hold.
/// </summary>
internal static class RecordEntity
{
    private const int MaxReasonChars = 1000;
    private static readonly DateTimeOffset NoTime = new(1601, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static TableEntity From(JobId id, RecordWrite write)
    {
        var entity = new TableEntity(JobRows.Partition(id), JobRows.Record(id));
        WriteStatus(entity, write.Status);
        if (write.Spec is { } spec)
            WriteSpec(entity, id, write.Queue!, spec);
        return entity;
    }

    public static JobRecord ToRecord(TableEntity entity) => new(
        JobId.Parse(entity.GetString("JobId")), entity.GetString("Queue"), ReadSpec(entity), ReadStatus(entity));

    private static void WriteStatus(TableEntity entity, JobStatus status)
    {
        entity["State"] = status.State.ToString();
        entity["Attempt"] = status.Attempt;
        entity["Since"] = status.Since;
        entity["DueAt"] = status.DueAt ?? NoTime;
        entity["Reason"] = status.Reason is { Length: > MaxReasonChars } reason ? reason[..MaxReasonChars] : status.Reason ?? "";
        entity["Result"] = status.ResultInBlob ? [] : status.Result.ToArray();
        entity["ResultInBlob"] = status.ResultInBlob;
        entity["DeadLetterReason"] = status.DeadLetterReason?.ToString() ?? "";
        entity["DuplicateOf"] = status.DuplicateOf?.ToString() ?? "";
    }

    private static JobStatus ReadStatus(TableEntity entity) => new()
    {
        State = Enum.Parse<JobState>(entity.GetString("State")),
        Attempt = entity.GetInt32("Attempt")!.Value,
        Since = entity.GetDateTimeOffset("Since")!.Value,
        DueAt = entity.GetDateTimeOffset("DueAt") is { } due && due > NoTime ? due : null,
        Reason = Text(entity, "Reason"),
        Result = entity.GetBinary("Result"),
        ResultInBlob = entity.GetBoolean("ResultInBlob") ?? false,
        DeadLetterReason = Text(entity, "DeadLetterReason") is { } reason ? Enum.Parse<DeadLetterReason>(reason) : null,
        DuplicateOf = Text(entity, "DuplicateOf") is { } holder ? JobId.Parse(holder) : null,
    };

    private static void WriteSpec(TableEntity entity, JobId id, string queue, JobSpec spec)
    {
        entity["JobId"] = id.ToString();
        entity["Queue"] = queue;
        entity["Type"] = spec.Type;
        entity["Payload"] = spec.Payload.ToArray();
        entity["PayloadInBlob"] = spec.PayloadInBlob;
        entity["Key"] = spec.Key;
        entity["NotBefore"] = spec.NotBefore;
        entity["ExpiresAt"] = spec.ExpiresAt;
        entity["MaxAttempts"] = spec.MaxAttempts;
        entity["Timeout"] = spec.Timeout?.ToString("c");
        entity["Tags"] = spec.Tags.Count > 0 ? JsonSerializer.Serialize(spec.Tags) : null;
        entity["CorrelationId"] = spec.CorrelationId;
        entity["TraceParent"] = spec.TraceParent;
        entity["Parent"] = spec.Parent?.ToString();
        entity["EnqueuedAt"] = spec.EnqueuedAt;
    }

    private static JobSpec ReadSpec(TableEntity entity) => new()
    {
        Type = entity.GetString("Type"),
        Payload = entity.GetBinary("Payload"),
        PayloadInBlob = entity.GetBoolean("PayloadInBlob") ?? false,
        Key = Text(entity, "Key"),
        NotBefore = entity.GetDateTimeOffset("NotBefore"),
        ExpiresAt = entity.GetDateTimeOffset("ExpiresAt"),
        MaxAttempts = entity.GetInt32("MaxAttempts"),
        Timeout = Text(entity, "Timeout") is { } timeout ? TimeSpan.ParseExact(timeout, "c", null) : null,
        Tags = Text(entity, "Tags") is { } tags ? JsonSerializer.Deserialize<string[]>(tags)! : [],
        CorrelationId = Text(entity, "CorrelationId"),
        TraceParent = Text(entity, "TraceParent"),
        Parent = Text(entity, "Parent") is { } parent ? JobId.Parse(parent) : null,
        EnqueuedAt = entity.GetDateTimeOffset("EnqueuedAt")!.Value,
    };

    private static string? Text(TableEntity entity, string column) => entity.GetString(column) is { Length: > 0 } text ? text : null;
}
