using Azure.Data.Tables;
using JobPipeline.AzureStorage.Jobs;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Jobs;

namespace JobPipeline.AzureStorage.Failures;

/// <summary>A list of dead letters as a query of the service.</summary>
internal sealed class DeadLetterQuery(DeadLetterFilter filter)
{
    private readonly string[] _byColumns = [.. ByColumns(filter)];

    /// <summary>
    /// True: the service leaves nothing for us to pass over. "Not replayed" is for us to see: what a row without the column
    /// is to a comparison, the service does not promise.
    /// </summary>
    public bool IsComplete { get; } = filter.IsReplayed is not false;

    /// <param name="after">The row before the first that is asked for; null: from the newest on.</param>
    /// <param name="isSameDay">True: of its day alone. False: of the days before it.</param>
    /// <param name="isFiltered">False: whatever the columns hold.</param>
    /// <returns>Null: every row there is.</returns>
    public string? Of(JobId? after, bool isSameDay, bool isFiltered)
    {
        string[] parts = [.. ByKeys(after, isSameDay), .. isFiltered ? _byColumns : []];
        return parts.Length > 0 ? string.Join(" and ", parts) : null;
    }

    /// <summary>One range within a partition, or one of whole partitions: what asked for both at once would scan the table.</summary>
    private static string[] ByKeys(JobId? after, bool isSameDay)
    {
        if (after is not { } id)
            return [];
        var day = DeadLetterEntity.Partition(id);
        return isSameDay
            ? [TableClient.CreateQueryFilter($"PartitionKey eq {day} and RowKey gt {JobRows.Record(id)}")]
            : [TableClient.CreateQueryFilter($"PartitionKey gt {day}")];
    }

    private static IEnumerable<string> ByColumns(DeadLetterFilter filter)
    {
        if (filter.Type is { } type)
            yield return TableClient.CreateQueryFilter($"Type eq {type}");
        if (filter.Reason is { } reason)
            yield return TableClient.CreateQueryFilter($"Reason eq {reason.ToString()}");
        if (filter.ErrorGroup is { } group)
            yield return TableClient.CreateQueryFilter($"ErrorGroup eq {group}");
        if (filter.From is { } from)
            yield return TableClient.CreateQueryFilter($"At ge {from}");
        // Azurite compares by the millisecond; the caller is exact.
        if (filter.To is { } to)
            yield return TableClient.CreateQueryFilter($"At le {to}");
        if (filter.IsReplayed is true)
            yield return "Replays gt ''";
    }
}
