using Azure.Data.Tables;
using JobPipeline.AzureStorage.Jobs;
using JobPipeline.Jobs;
using JobPipeline.Limits.Lots;
using JobPipeline.Limits.Meters;

namespace JobPipeline.AzureStorage.Limits;

/// <summary>The row of a parked job.</summary>
internal static class ParkedEntity
{
    /// <summary>What the keys of all parked jobs begin with.</summary>
    public const string Prefix = "p|";

    /// <summary>Sorts behind all of them.</summary>
    public const string End = "p}";

    /// <summary>The columns of a list entry: all but the message.</summary>
    public static IReadOnlyList<string> PlaceColumns { get; } =
    [
        "RowKey", "JobId", "Queue", "Type", "ParkedAt", "ExpiresAt", "IsTicket", "IsGranted", "IsKept", "SentAt", "Sends",
    ];

    public static TableEntity From(GateId gate, ParkedJob job) => new(gate.Partition, job.Key.Text)
    {
        ["JobId"] = job.Job.ToString(),
        ["Queue"] = job.Queue,
        ["Type"] = job.Type,
        ["Body"] = job.Body.ToArray(),
        ["ParkedAt"] = Column.Time(job.ParkedAt),
        ["ExpiresAt"] = Column.Time(job.ExpiresAt),
        ["IsTicket"] = job.IsTicket,
        ["IsGranted"] = job.IsGranted,
        ["IsKept"] = job.IsKept,
        ["SentAt"] = Column.Time(job.SentAt),
        ["Sends"] = job.Sends,
    };

    public static ParkedJob ToJob(TableEntity entity) => new()
    {
        Job = JobId.Parse(entity.GetString("JobId")),
        Key = new ParkedKey(entity.RowKey),
        Queue = entity.GetString("Queue"),
        Type = entity.GetString("Type"),
        Body = entity.GetBinary("Body"),
        ExpiresAt = Column.Time(entity, "ExpiresAt"),
        IsTicket = entity.GetBoolean("IsTicket") ?? false,
        ParkedAt = Column.Time(entity, "ParkedAt") ?? default,
        IsGranted = entity.GetBoolean("IsGranted") ?? false,
        IsKept = entity.GetBoolean("IsKept") ?? false,
        SentAt = Column.Time(entity, "SentAt"),
        Sends = entity.GetInt32("Sends") ?? 0,
        Version = entity.ETag.ToString(),
    };
}
