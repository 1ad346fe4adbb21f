using System.Text.Json;
using Azure.Data.Tables;
using JobPipeline.Jobs;

namespace JobPipeline.AzureStorage.Jobs;

/// <summary>Converts attempts to and from table entities; every change replaces the entity.</summary>
internal static class AttemptEntity
{
    public static TableEntity From(Attempt row)
    {
        var entity = new TableEntity(JobRows.Partition(row.Job), JobRows.Attempt(row.Job, row.Number))
        {
            ["JobId"] = row.Job.ToString(),
            ["Number"] = row.Number,
            ["State"] = row.State.ToString(),
            ["ClaimId"] = row.ClaimId,
            ["Owner"] = row.Owner,
            ["LeaseUntil"] = Column.Time(row.LeaseUntil),
            ["Deaths"] = row.Deaths,
            ["StartedAt"] = Column.Time(row.StartedAt),
            ["CancelRequested"] = row.CancelRequested,
        };
        if (row.EndedAt is { } endedAt)
            entity["EndedAt"] = endedAt;
        if (row.Error is { } error)
        {
            entity["Error"] = JsonSerializer.Serialize(error.Trimmed());
            // A separate column, so that a recount can filter by it.
            entity["ErrorGroup"] = error.Group;
        }

        if (row.Progress is { } progress)
            entity["Progress"] = JsonSerializer.Serialize(progress);
        if (!row.Checkpoint.IsEmpty)
            entity["Checkpoint"] = row.Checkpoint.ToArray();
        return entity;
    }

    public static Attempt ToAttempt(TableEntity entity) => new()
    {
        Job = JobId.Parse(entity.GetString("JobId")),
        Number = entity.GetInt32("Number")!.Value,
        State = Enum.Parse<AttemptState>(entity.GetString("State")),
        ClaimId = entity.GetGuid("ClaimId")!.Value,
        Owner = entity.GetString("Owner"),
        LeaseUntil = Column.Time(entity, "LeaseUntil") ?? default,
        Deaths = entity.GetInt32("Deaths") ?? 0,
        StartedAt = Column.Time(entity, "StartedAt") ?? default,
        EndedAt = Column.Time(entity, "EndedAt"),
        Error = entity.GetString("Error") is { } error ? JsonSerializer.Deserialize<AttemptError>(error) : null,
        Progress = entity.GetString("Progress") is { } progress ? JsonSerializer.Deserialize<JobProgress>(progress) : null,
        Checkpoint = entity.GetBinary("Checkpoint"),
        CancelRequested = entity.GetBoolean("CancelRequested") ?? false,
        Version = entity.ETag.ToString(),
    };
}
