using Azure;
using Azure.Data.Tables;
using JobPipeline.AzureStorage.GroupCommit;

namespace JobPipeline.AzureStorage.Maintenance;

/// <summary>Removes rows as they were read: one that has changed since stays. Those of a partition share transactions.</summary>
internal sealed class RowRemover(TableClient table)
{
    private const int MaxRows = 100;

    private readonly GroupCommitter _committer = new(table);

    /// <summary>
    /// Rows that belong together go together, or stay. More than fit a transaction go in several, in their order: the one
    /// that must not be the first to go is the last.
    /// </summary>
    /// <returns>False: something stayed.</returns>
    public async Task<bool> RemoveAsync(IReadOnlyList<TableEntity> together)
    {
        foreach (var rows in together.Chunk(MaxRows))
        {
            var group = new RowGroup(Array.ConvertAll(rows, row =>
                new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(row.PartitionKey, row.RowKey), row.ETag == default ? ETag.All : row.ETag)));
            if (await _committer.CommitAsync(rows[0].PartitionKey, group) is null)
                return false;
        }

        return true;
    }
}
