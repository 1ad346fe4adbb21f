using Azure;
using Azure.Data.Tables;
using JobPipeline.AzureStorage.GroupCommit;

namespace JobPipeline.AzureStorage.Maintenance;

/// <summary>Deletes rows unless they have changed since they were read. Rows of a partition share transactions.</summary>
internal sealed class RowRemover(TableClient table)
{
    private const int MaxRows = 100;

    private readonly GroupCommitter _committer = new(table);

    /// <summary>
    /// Deletes rows that belong together in one transaction, or keeps them all. Rows that exceed a transaction are deleted in
    /// several, in order, so a row that must not be deleted first comes last.
    /// </summary>
    /// <returns>False when a row was kept.</returns>
    public async Task<bool> RemoveAsync(IReadOnlyList<TableEntity> together)
    {
        foreach (var rows in together.Chunk(MaxRows))
        {
            var group = new RowGroup(Array.ConvertAll(rows, row =>
                new TableTransactionAction(
                    TableTransactionActionType.Delete,
                    new TableEntity(row.PartitionKey, row.RowKey),
                    row.ETag == default ? ETag.All : row.ETag)));
            if (await _committer.CommitAsync(rows[0].PartitionKey, group) is null)
                return false;
        }

        return true;
    }
}
