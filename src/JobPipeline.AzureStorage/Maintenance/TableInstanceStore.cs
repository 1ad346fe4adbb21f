using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using JobPipeline.AzureStorage.Jobs;
using JobPipeline.Instances;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.AzureStorage.Maintenance;

/// <summary>Stores instances as rows of one dedicated partition.</summary>
internal sealed class TableInstanceStore(TableClient table) : IInstanceStore
{
    private const string Partition = "instances";

    public Task PutAsync(Instance instance, CancellationToken cancellationToken) =>
        table.UpsertEntityAsync(ToEntity(instance), TableUpdateMode.Replace, cancellationToken);

    public async Task<string?> TryReplaceAsync(Instance instance, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await table.UpdateEntityAsync(
                ToEntity(instance), new ETag(instance.Version!), TableUpdateMode.Replace, cancellationToken);
            return answer.Headers.ETag?.ToString();
        }
        catch (RequestFailedException e) when (IsChanged(e))
        {
            return null;
        }
    }

    public async Task<bool> TryRemoveAsync(Instance instance, CancellationToken cancellationToken)
    {
        try
        {
            // The client treats a missing row as deleted and reports it only by the status.
            var answer = await table.DeleteEntityAsync(
                Partition, RowKeyText.Of(instance.Name), new ETag(instance.Version!), cancellationToken);
            return answer.Status != 404;
        }
        catch (RequestFailedException e) when (IsChanged(e))
        {
            return false;
        }
    }

    public async Task<IReadOnlyList<Instance>> ListAsync(CancellationToken cancellationToken)
    {
        var instances = new List<Instance>();
        await foreach (var row in table.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {Partition}"), cancellationToken: cancellationToken))
            instances.Add(ToInstance(row));
        return instances;
    }

    private static bool IsChanged(RequestFailedException e) =>
        e.Status == 412 || (e.Status == 404 && e.ErrorCode != TableErrorCode.TableNotFound);

    private static TableEntity ToEntity(Instance instance)
    {
        var row = ToEntityWithoutTypes(instance);
        JobTypeColumns.Write(row, instance.JobTypes);
        return row;
    }

    private static TableEntity ToEntityWithoutTypes(Instance instance) => new(Partition, RowKeyText.Of(instance.Name))
    {
        ["Name"] = instance.Name,
        ["Kind"] = instance.Kind,
        ["StartedAt"] = Column.Time(instance.StartedAt),
        ["LastBeatAt"] = Column.Time(instance.LastHeartbeatAt),
        ["InFlightCount"] = instance.InFlightCount,
        ["InFlight"] = JsonSerializer.Serialize(instance.InFlight, JobJson.Options),
        ["OpenCircuits"] = JsonSerializer.Serialize(instance.OpenCircuits, JobJson.Options),
        ["Waiting"] = JsonSerializer.Serialize(instance.Waiting, JobJson.Options),
        ["Governor"] = instance.Governor is { } governor ? JsonSerializer.Serialize(governor, JobJson.Options) : null,
        ["GoodbyeAt"] = instance.StoppedAt,
        ["GoodbyeReason"] = instance.StopReason,
        ["RescueUntil"] = instance.RescueUntil,
        ["RescuedAt"] = instance.RescuedAt,
    };

    private static Instance ToInstance(TableEntity row) => new()
    {
        Name = row.GetString("Name"),
        Kind = row.GetString("Kind"),
        StartedAt = Column.Time(row, "StartedAt") ?? default,
        LastHeartbeatAt = Column.Time(row, "LastBeatAt") ?? default,
        InFlightCount = row.GetInt32("InFlightCount") ?? 0,
        InFlight = JsonSerializer.Deserialize<InFlightJob[]>(row.GetString("InFlight"), JobJson.Options)!,
        // Rows of older releases lack this column.
        OpenCircuits = row.GetString("OpenCircuits") is { } circuits
            ? JsonSerializer.Deserialize<CircuitStatus[]>(circuits, JobJson.Options)!
            : [],
        Waiting = row.GetString("Waiting") is { } waiting ? JsonSerializer.Deserialize<QueueWait[]>(waiting, JobJson.Options)! : [],
        Governor = row.GetString("Governor") is { } governor ? JsonSerializer.Deserialize<GovernorStatus>(governor, JobJson.Options) : null,
        JobTypes = JobTypeColumns.Read(row),
        StoppedAt = row.GetDateTimeOffset("GoodbyeAt"),
        StopReason = row.GetString("GoodbyeReason"),
        RescueUntil = row.GetDateTimeOffset("RescueUntil"),
        RescuedAt = row.GetDateTimeOffset("RescuedAt"),
        Version = row.ETag.ToString(),
    };
}
