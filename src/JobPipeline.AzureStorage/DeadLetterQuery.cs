using Azure.Data.Tables;
using JobPipeline.AzureStorage.Jobs;
using JobPipeline.Failures;
using JobPipeline.Jobs;

namespace JobPipeline.AzureStorage;

/// <summary>A list of dead letters as a query of the service.</summary>
internal static class DeadLetterQuery
{
    public static string? Of(DeadLetterFilter filter, JobId? before)
    {
        var parts = new List<string>();
        if (before is { } id)
        {
            var partition = DeadLetterEntity.Partition(id);
            parts.Add($"({TableClient.CreateQueryFilter($"PartitionKey gt {partition}")} or ({TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey gt {JobRows.Record(id)}")}))");
        }

        if (filter.Type is { } type)
            parts.Add(TableClient.CreateQueryFilter($"Type eq {type}"));
        if (filter.Reason is { } reason)
            parts.Add(TableClient.CreateQueryFilter($"Reason eq {reason.ToString()}"));
        if (filter.ErrorGroup is { } group)
            parts.Add(TableClient.CreateQueryFilter($"ErrorGroup eq {group}"));
        if (filter.From is { } from)
            parts.Add(TableClient.CreateQueryFilter($"At ge {from}"));
        if (filter.To is { } to)
            parts.Add(TableClient.CreateQueryFilter($"At lt {to}"));
        // Every replay list is longer than an empty text; a row without the column fits neither side, so the other one is negated.
        if (filter.IsReplayed is { } replayed)
            parts.Add(replayed ? "Replays gt ''" : "not (Replays gt '')");
        return parts.Count > 0 ? string.Join(" and ", parts) : null;
    }
}
