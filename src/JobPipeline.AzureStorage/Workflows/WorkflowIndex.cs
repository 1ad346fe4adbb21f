using System.Globalization;
using Azure.Data.Tables;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.AzureStorage.Workflows;

/// <summary>The index rows of workflow instances: newest first, one partition per day.</summary>
internal static class WorkflowIndex
{
    /// <summary>A prefix that no workflow instance id has.</summary>
    private const string Prefix = "!day-";
    private const string End = "!day.";

    public static (string Partition, string Row) KeyOf(string id, DateTimeOffset createdAt)
    {
        var at = createdAt.UtcDateTime;
        return (
            Partition(DateOnly.FromDateTime(at)),
            string.Create(CultureInfo.InvariantCulture, $"{DateTime.MaxValue.Ticks - at.Ticks:d19}-{id}"));
    }

    public static TableEntity From(WorkflowInstance instance)
    {
        var (partition, row) = KeyOf(instance.Id, instance.State.CreatedAt);
        return new TableEntity(partition, row)
        {
            ["Id"] = instance.Id,
            ["Name"] = instance.Definition.Name,
            ["Version"] = instance.Definition.Version,
            ["Status"] = instance.State.Status.ToString(),
            ["IsSuspended"] = instance.State.IsSuspended,
            ["IsStalled"] = instance.Stall is { IsLasting: true },
            ["CreatedAt"] = instance.State.CreatedAt,
            ["UpdatedAt"] = instance.State.UpdatedAt,
        };
    }

    public static WorkflowSummary ToSummary(TableEntity entity) => new(
        entity.GetString("Id"),
        entity.GetString("Name"),
        entity.GetInt32("Version")!.Value,
        Enum.Parse<WorkflowStatus>(entity.GetString("Status")),
        entity.GetBoolean("IsSuspended") ?? false,
        entity.GetDateTimeOffset("CreatedAt")!.Value,
        entity.GetDateTimeOffset("UpdatedAt")!.Value)
    {
        IsStalled = entity.GetBoolean("IsStalled") ?? false,
    };

    public static string Query(WorkflowFilter filter)
    {
        // Later days sort first, so the bounds are swapped.
        var first = filter.To is { } to ? Partition(DateOnly.FromDateTime(to.UtcDateTime)) : Prefix;
        var last = filter.From is { } from ? Partition(DateOnly.FromDateTime(from.UtcDateTime)) : End;
        var parts = new List<string> { TableClient.CreateQueryFilter($"PartitionKey ge {first} and PartitionKey le {last}") };
        if (filter.Name is { } name)
            parts.Add(TableClient.CreateQueryFilter($"Name eq {name}"));
        if (filter.Status is { } status)
            parts.Add(TableClient.CreateQueryFilter($"Status eq {status.ToString()}"));
        if (filter.From is { } since)
            parts.Add(TableClient.CreateQueryFilter($"CreatedAt ge {since}"));
        if (filter.To is { } until)
            parts.Add(TableClient.CreateQueryFilter($"CreatedAt lt {until}"));
        return string.Join(" and ", parts);
    }

    private static string Partition(DateOnly day) => $"{Prefix}{99_999_999 - ((day.Year * 10_000) + (day.Month * 100) + day.Day):d8}";
}
