using System.Globalization;
using Azure.Data.Tables;
using JobPipeline.Limits.Lots;
using JobPipeline.Limits.Meters;

namespace JobPipeline.AzureStorage.Limits;

/// <summary>The index of the gates whose release turn has come: a partition whose rows are in the order of the time.</summary>
internal sealed class DueIndex(TableClient table)
{
    private const string Partition = "!open";

    public Task AddAsync(DueGate due, CancellationToken cancellationToken) => table.UpsertEntityAsync(
        new TableEntity(Partition, KeyOf(due)) { ["Limit"] = due.Gate.Limit, ["Key"] = due.Gate.Key, ["At"] = due.At.UtcTicks },
        TableUpdateMode.Replace,
        cancellationToken);

    public Task RemoveAsync(DueGate due, CancellationToken cancellationToken) =>
        // The client treats a missing row as deleted.
        table.DeleteEntityAsync(Partition, KeyOf(due), cancellationToken: cancellationToken);

    public async Task<IReadOnlyList<DueGate>> ListAsync(DateTimeOffset until, int max, CancellationToken cancellationToken)
    {
        var end = Ticks(until.UtcTicks + 1);
        var query = table.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and RowKey lt {end}"), max, cancellationToken: cancellationToken);
        await foreach (var page in query.AsPages())
        {
            return [.. page.Values.Select(ToDue)];
        }

        return [];
    }

    private static DueGate ToDue(TableEntity row) => new(
        new GateId(row.GetString("Limit"), row.GetString("Key")), new DateTimeOffset(row.GetInt64("At")!.Value, TimeSpan.Zero));

    private static string KeyOf(DueGate due) => $"{Ticks(due.At.UtcTicks)}|{due.Gate.Partition}";

    private static string Ticks(long ticks) => ticks.ToString("D19", CultureInfo.InvariantCulture);
}
