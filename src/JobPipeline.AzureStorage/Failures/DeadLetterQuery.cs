using Azure.Data.Tables;
using JobPipeline.AzureStorage.Jobs;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Jobs;

namespace JobPipeline.AzureStorage.Failures;

/// <summary>Translates a dead-letter filter to a query of the table service.</summary>
internal sealed class DeadLetterQuery(DeadLetterFilter filter)
{
    private readonly string[] _byColumns = [.. ByColumns(filter)];

    /// <summary>
    /// Whether the service applies the whole filter. "Not replayed" is filtered by the caller, because the service does not
    /// specify how a missing column compares.
    /// </summary>
    public bool IsComplete { get; } = filter.IsReplayed is not false;

    /// <param name="after">The row after which to continue; null to start with the newest.</param>
    /// <param name="isSameDay">Whether to read the rest of that row's day; otherwise the days before it.</param>
    /// <param name="isFiltered">Whether to filter by columns.</param>
    /// <returns>The query, or null for every row.</returns>
    public string? Of(JobId? after, bool isSameDay, bool isFiltered)
    {
        string[] parts = [.. ByKeys(after, isSameDay), .. isFiltered ? _byColumns : []];
        return parts.Length > 0 ? string.Join(" and ", parts) : null;
    }

    /// <summary>
    /// Returns a range within one partition or a range of whole partitions; a query for both at once would scan the table.
    /// </summary>
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
        // Azurite compares by the millisecond; the caller filters exactly.
        if (filter.To is { } to)
            yield return TableClient.CreateQueryFilter($"At le {to}");
        if (filter.IsReplayed is true)
            yield return "Replays gt ''";
    }
}
