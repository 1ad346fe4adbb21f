using System.Text.Json;
using Azure.Data.Tables;
using JobPipeline.AzureStorage.Jobs;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.AzureStorage.Workflows;

/// <summary>Converts workflow instances to and from table entities. A value that may exceed a column is split into several.</summary>
internal static class WorkflowEntity
{
    public const string Row = "instance";

    private const int ColumnBytes = 60 * 1024;

    /// <summary>Returns the status as the index stores it.</summary>
    public static string StatusOf(WorkflowInstance instance) =>
        $"{instance.State.Status}{(instance.State.IsSuspended ? ", suspended" : "")}"
        + $"{(instance.Stall is { IsLasting: true } ? ", stalled" : "")}";

    /// <summary>Returns the whole row, for an insert.</summary>
    public static TableEntity From(WorkflowInstance instance, string indexed)
    {
        var entity = ChangeOf(instance, indexed);
        entity["Parent"] = instance.Parent is { } parent ? JsonSerializer.Serialize(parent, JobJson.Options) : null;
        Put(entity, "Definition", WorkflowReader.Write(instance.Definition));
        return entity;
    }

    /// <summary>
    /// Returns the columns that change, for a merge. The definition, which may be large, and the parent never change. A merge can't
    /// remove a column, so absent text is empty, and the number of parts is stored with them.
    /// </summary>
    public static TableEntity ChangeOf(WorkflowInstance instance, string indexed)
    {
        var entity = new TableEntity(instance.Id, Row)
        {
            ["Indexed"] = indexed,
            ["CorrelationId"] = instance.CorrelationId ?? "",
            ["TraceParent"] = instance.TraceParent ?? "",
            ["StagedInput"] = instance.StagedInput ?? "",
            ["IsBeingPurged"] = instance.IsBeingPurged,
            ["Stall"] = instance.Stall is { } stall ? JsonSerializer.Serialize(stall, JobJson.Options) : "",
            ["OutboxSaves"] = instance.OutboxSaves.Count > 0 ? JsonSerializer.Serialize(instance.OutboxSaves, JobJson.Options) : "",
        };
        Put(entity, "State", JsonSerializer.SerializeToUtf8Bytes(instance.State, JobJson.Options));
        Put(entity, "Outbox", JsonSerializer.SerializeToUtf8Bytes(instance.Outbox, JobJson.Options));
        return entity;
    }

    public static WorkflowInstance ToInstance(TableEntity entity, string version) => new()
    {
        Id = entity.PartitionKey,
        Definition = WorkflowReader.Read(Get(entity, "Definition"), out var errors)
            ?? throw new InvalidDataException(
                $"The definition of workflow {entity.PartitionKey} can't be read: {string.Join("; ", errors)}"),
        State = JsonSerializer.Deserialize<WorkflowState>(Get(entity, "State"), JobJson.Options)!,
        Outbox = JsonSerializer.Deserialize<WorkflowEffect[]>(Get(entity, "Outbox"), JobJson.Options)!,
        OutboxSaves = Column.Text(entity, "OutboxSaves") is { } saves
            ? JsonSerializer.Deserialize<OutboxSave[]>(saves, JobJson.Options)!
            : [],
        Parent = Column.Text(entity, "Parent") is { } parent ? JsonSerializer.Deserialize<WorkflowOrigin>(parent, JobJson.Options) : null,
        CorrelationId = Column.Text(entity, "CorrelationId"),
        TraceParent = Column.Text(entity, "TraceParent"),
        StagedInput = Column.Text(entity, "StagedInput"),
        IsBeingPurged = entity.GetBoolean("IsBeingPurged") ?? false,
        Stall = Column.Text(entity, "Stall") is { } stall ? JsonSerializer.Deserialize<WorkflowStall>(stall, JobJson.Options) : null,
        Version = version,
    };

    private static void Put(TableEntity entity, string column, byte[] bytes)
    {
        var parts = 0;
        for (; parts * ColumnBytes < bytes.Length; parts++)
            entity[$"{column}{parts}"] = bytes[(parts * ColumnBytes)..Math.Min(bytes.Length, (parts + 1) * ColumnBytes)];
        entity[$"{column}Parts"] = parts;
    }

    private static byte[] Get(TableEntity entity, string column)
    {
        var count = entity.GetInt32($"{column}Parts") ?? 0;
        return count == 1
            ? entity.GetBinary($"{column}0")
            : [.. Enumerable.Range(0, count).SelectMany(part => entity.GetBinary($"{column}{part}"))];
    }
}
