using Azure;
using Azure.Data.Tables;
using JobPipeline.AzureStorage.GroupCommit;
using JobPipeline.Failures.ErrorGroups;

namespace JobPipeline.AzureStorage.Failures;

/// <summary>Stores error groups in one partition: groups that an instance records together share a transaction.</summary>
internal sealed class TableErrorGroupStore(TableClient table) : IErrorGroupStore
{
    /// <summary>The maximum number of requests per list call.</summary>
    private const int MaxRequests = 8;

    private const int PageRows = 200;

    private readonly GroupCommitter _committer = new(table);

    public async Task<ErrorGroup?> ReadAsync(string id, CancellationToken cancellationToken) =>
        await table.GetEntityIfExistsAsync<TableEntity>(
            ErrorGroupEntity.Partition,
            ErrorGroupEntity.Key(id),
            cancellationToken: cancellationToken) is { HasValue: true, Value: { } entity }
            ? ErrorGroupEntity.ToGroup(entity)
            : null;

    public async Task<string?> TryWriteAsync(ErrorGroup? before, ErrorGroup after, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var group = ErrorGroupEntity.From(after);
        var actions = new List<TableTransactionAction>(3)
        {
            before is null
                ? new TableTransactionAction(TableTransactionActionType.Add, group)
                : new TableTransactionAction(TableTransactionActionType.UpdateReplace, group, new ETag(before.Version!)),
            new(TableTransactionActionType.UpsertReplace, ErrorGroupEntity.ListRow(after)),
        };
        if (before is not null && before.LastSeenAt != after.LastSeenAt)
            actions.Add(RemovalOfListRow(before));
        return await _committer.CommitAsync(ErrorGroupEntity.Partition, new RowGroup(actions)) is [var version, ..] ? version : null;
    }

    public async Task<ErrorGroupPage> ListAsync(
        ErrorGroupFilter filter, ErrorGroupPlace? after, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, IErrorGroupStore.MaxLimit);
        var found = new List<ErrorGroupSummary>();
        var requests = 0;
        await foreach (var page in table.QueryAsync<TableEntity>(
            Query(filter, after), PageRows, cancellationToken: cancellationToken).AsPages())
        {
            ErrorGroupSummary? last = null;
            for (var i = 0; i < page.Values.Count; i++)
            {
                last = ErrorGroupEntity.ToSummary(page.Values[i]);
                if (!filter.Matches(last))
                    continue;
                found.Add(last);
                if (found.Count == limit)
                    return new ErrorGroupPage(found, i + 1 == page.Values.Count && page.ContinuationToken is null ? null : PlaceOf(last));
            }

            if (page.ContinuationToken is not null && ++requests >= MaxRequests && last is not null)
                return new ErrorGroupPage(found, PlaceOf(last));
        }

        return new ErrorGroupPage(found, null);
    }

    public async Task<bool> TryRemoveAsync(ErrorGroup group, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TableTransactionAction[] actions =
        [
            new(
                TableTransactionActionType.Delete,
                new TableEntity(ErrorGroupEntity.Partition, ErrorGroupEntity.Key(group.Id)),
                new ETag(group.Version!)),
            RemovalOfListRow(group),
        ];
        return await _committer.CommitAsync(ErrorGroupEntity.Partition, new RowGroup(actions)) is not null;
    }

    private static TableTransactionAction RemovalOfListRow(ErrorGroup group) => new(
        TableTransactionActionType.Delete,
        new TableEntity(ErrorGroupEntity.Partition, ErrorGroupEntity.ListKey(group.LastSeenAt, group.Id)),
        ETag.All);

    /// <summary>
    /// Returns a range of keys. The rest of the filter is applied here, because a row that the service filters out reveals
    /// no position.
    /// </summary>
    private static string Query(ErrorGroupFilter filter, ErrorGroupPlace? after)
    {
        // The key counts down in ticks: the range starts one tick earlier.
        var first = filter.LastSeenBefore is { } before
            ? ErrorGroupEntity.StartOfList(before.AddTicks(-1))
            : ErrorGroupEntity.StartOfList(DateTimeOffset.MaxValue);
        var range = TableClient.CreateQueryFilter(
            $"PartitionKey eq {ErrorGroupEntity.Partition} and RowKey ge {first} and RowKey lt {ErrorGroupEntity.EndOfList}");
        return after is null
            ? range
            : $"{range} and {TableClient.CreateQueryFilter($"RowKey gt {ErrorGroupEntity.ListKey(after.LastSeenAt, after.Id)}")}";
    }

    private static ErrorGroupPlace PlaceOf(ErrorGroupSummary group) => new(group.LastSeenAt, group.Id);
}
