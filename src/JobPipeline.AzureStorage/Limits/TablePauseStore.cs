using Azure.Data.Tables;
using JobPipeline.AzureStorage.Jobs;
using JobPipeline.Limits.Pauses;

namespace JobPipeline.AzureStorage.Limits;

/// <summary>Stores pauses as rows of one dedicated partition, so that listing them takes one small query.</summary>
internal sealed class TablePauseStore(TableClient table) : IPauseStore
{
    private const string Partition = "pauses";

    public Task PutAsync(Pause pause, CancellationToken cancellationToken) =>
        table.UpsertEntityAsync(
            new TableEntity(Partition, Row(pause.Target, pause.Name))
            {
                ["Target"] = pause.Target.ToString(),
                ["Name"] = pause.Name,
                ["Since"] = Column.Time(pause.Since),
                ["By"] = pause.By,
                ["Reason"] = pause.Reason,
            },
            TableUpdateMode.Replace,
            cancellationToken);

    public Task RemoveAsync(PauseTarget target, string name, CancellationToken cancellationToken) =>
        // The client treats a missing row as deleted.
        table.DeleteEntityAsync(Partition, Row(target, name), cancellationToken: cancellationToken);

    public async Task<IReadOnlyList<Pause>> ListAsync(CancellationToken cancellationToken)
    {
        var pauses = new List<Pause>();
        await foreach (var row in table.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {Partition}"), cancellationToken: cancellationToken))
        {
            pauses.Add(new Pause(
                Enum.Parse<PauseTarget>(row.GetString("Target")), row.GetString("Name"), Column.Time(row, "Since")
                    ?? default, row.GetString("By"), row.GetString("Reason")));
        }

        return pauses;
    }

    private static string Row(PauseTarget target, string name) => $"{target}|{RowKeyText.Of(name)}";
}
