using Azure.Data.Tables;
using JobPipeline.Maintenance.Retention;

namespace JobPipeline.AzureStorage.Maintenance;

/// <summary>Deletes expired unique keys. A slice is one partition.</summary>
internal sealed class TableUniqueKeySweep(TableClient table) : IUniqueKeySweep
{
    private static readonly string[] Columns = ["PartitionKey", "RowKey"];

    private readonly RowRemover _remover = new(table);

    public int Slices => 256;

    public async Task<int> SweepAsync(int slice, DateTimeOffset now, int max, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {slice.ToString("x2")} and ExpiresAt lt {now}");
        var expired = new List<Task<bool>>();
        await foreach (var key in table.QueryAsync<TableEntity>(filter, Math.Clamp(max, 1, 1000), Columns, cancellationToken))
        {
            expired.Add(_remover.RemoveAsync([key]));
            if (expired.Count >= max)
                break;
        }

        return (await Task.WhenAll(expired)).Count(removed => removed);
    }
}
