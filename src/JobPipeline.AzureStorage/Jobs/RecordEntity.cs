using System.Text.Json;
using Azure.Data.Tables;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.AzureStorage.Jobs;

/// <summary>
/// Converts records to and from table entities. A merge writes the whole status, and the whole spec if the record has one. It
/// can't clear a column, so absent values are written as empty ones (<see cref="Column"/>).
/// </summary>
internal static class RecordEntity
{
    private const int MaxReasonChars = 1000;

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

    /// <summary>The columns of a list entry, without the payload and the result, which make up most of a row.</summary>
    public static IReadOnlyList<string> SummaryColumns { get; } =
    [
        "JobId", "Queue", "Type", "State", "Attempt", "Since", "DueAt", "Reason", "DeadLetterReason", "DuplicateOf",
        "Key", "Tags", "CorrelationId", "Parent", "EnqueuedAt", "Tenant", "Group",
    ];

    /// <summary>A filter on a column that every record has and no attempt row has.</summary>
    public const string RecordsOnly = "Attempt ge 0";

    /// <param name="entity">An entity with at least the <see cref="SummaryColumns"/>.</param>
    public static JobSummary ToSummary(TableEntity entity) => JobSummary.Of(ToRecord(entity));

    private static void WriteStatus(TableEntity entity, JobStatus status)
    {
        entity["State"] = status.State.ToString();
        entity["Attempt"] = status.Attempt;
        entity["Since"] = Column.Time(status.Since);
        entity["DueAt"] = Column.Time(status.DueAt);
        entity["Reason"] = Column.Cut(status.Reason ?? "", MaxReasonChars);
        entity["IsExpedited"] = status.IsExpedited;
        entity["Result"] = status.Result.ToArray();
        entity["ResultInBlob"] = status.ResultInBlob;
        entity["DeadLetterReason"] = status.DeadLetterReason?.ToString() ?? "";
        entity["DuplicateOf"] = status.DuplicateOf?.ToString() ?? "";
    }

    private static JobStatus ReadStatus(TableEntity entity) => new()
    {
        State = Enum.Parse<JobState>(entity.GetString("State")),
        Attempt = entity.GetInt32("Attempt")!.Value,
        Since = Column.Time(entity, "Since") ?? default,
        DueAt = Column.Time(entity, "DueAt"),
        Reason = Column.Text(entity, "Reason"),
        IsExpedited = entity.GetBoolean("IsExpedited") ?? false,
        Result = entity.GetBinary("Result"),
        ResultInBlob = entity.GetBoolean("ResultInBlob") ?? false,
        DeadLetterReason = Column.Text(entity, "DeadLetterReason") is { } reason ? Enum.Parse<DeadLetterReason>(reason) : null,
        DuplicateOf = Column.Text(entity, "DuplicateOf") is { } holder ? JobId.Parse(holder) : null,
    };

    private static void WriteSpec(TableEntity entity, JobId id, string queue, JobSpec spec)
    {
        entity["JobId"] = id.ToString();
        entity["Queue"] = queue;
        entity["Type"] = spec.Type;
        entity["Payload"] = spec.Payload.ToArray();
        entity["PayloadInBlob"] = spec.PayloadInBlob;
        entity["Key"] = spec.Key ?? "";
        entity["NotBefore"] = Column.Time(spec.NotBefore);
        entity["ExpiresAt"] = Column.Time(spec.ExpiresAt);
        entity["MaxAttempts"] = spec.MaxAttempts ?? 0;
        entity["Timeout"] = spec.Timeout?.ToString("c") ?? "";
        entity["Backoff"] = spec.Backoff is { } backoff ? JsonSerializer.Serialize(backoff) : "";
        entity["Tags"] = spec.Tags.Count > 0 ? JsonSerializer.Serialize(spec.Tags) : "";
        entity["CorrelationId"] = spec.CorrelationId ?? "";
        entity["Tenant"] = spec.Tenant ?? "";
        entity["Group"] = spec.Group ?? "";
        entity["TraceParent"] = spec.TraceParent ?? "";
        entity["Parent"] = spec.Parent?.ToString() ?? "";
        entity["Workflow"] = spec.Workflow is { } step ? JsonSerializer.Serialize(step, JobJson.Options) : "";
        entity["ReplayOf"] = spec.ReplayOf?.ToString() ?? "";
        entity["CallbackOf"] = spec.CallbackOf?.ToString() ?? "";
        entity["Warnings"] = spec.Warnings.Count > 0 ? JsonSerializer.Serialize(spec.Warnings) : "";
        entity["EnqueuedAt"] = Column.Time(spec.EnqueuedAt);
    }

    private static JobSpec ReadSpec(TableEntity entity) => new()
    {
        Type = entity.GetString("Type"),
        Payload = entity.GetBinary("Payload"),
        PayloadInBlob = entity.GetBoolean("PayloadInBlob") ?? false,
        Key = Column.Text(entity, "Key"),
        NotBefore = Column.Time(entity, "NotBefore"),
        ExpiresAt = Column.Time(entity, "ExpiresAt"),
        MaxAttempts = entity.GetInt32("MaxAttempts") is { } maxAttempts and > 0 ? maxAttempts : null,
        Timeout = Column.Text(entity, "Timeout") is { } timeout ? TimeSpan.ParseExact(timeout, "c", null) : null,
        Backoff = Column.Text(entity, "Backoff") is { } backoff ? JsonSerializer.Deserialize<BackoffOverride>(backoff) : null,
        Tags = Column.Text(entity, "Tags") is { } tags ? JsonSerializer.Deserialize<string[]>(tags)! : [],
        CorrelationId = Column.Text(entity, "CorrelationId"),
        Tenant = Column.Text(entity, "Tenant"),
        Group = Column.Text(entity, "Group"),
        TraceParent = Column.Text(entity, "TraceParent"),
        Parent = Column.Text(entity, "Parent") is { } parent ? JobId.Parse(parent) : null,
        Workflow = Column.Text(entity, "Workflow") is { } step ? JsonSerializer.Deserialize<WorkflowOrigin>(step, JobJson.Options) : null,
        ReplayOf = Column.Text(entity, "ReplayOf") is { } replayed ? JobId.Parse(replayed) : null,
        CallbackOf = Column.Text(entity, "CallbackOf") is { } called ? JobId.Parse(called) : null,
        Warnings = Column.Text(entity, "Warnings") is { } warnings ? JsonSerializer.Deserialize<string[]>(warnings)! : [],
        EnqueuedAt = Column.Time(entity, "EnqueuedAt") ?? default,
    };
}
