using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using JobPipeline.Workflows.Running;

namespace JobPipeline.AzureStorage.Workflows;

/// <summary>Values as rows, a partition an instance; what is too large for a row lies in a blob that the row stands for.</summary>
internal sealed class TableWorkflowData(TableClient table, BlobContainerClient blobs) : IWorkflowData
{
    private const int MaxRowBytes = 60 * 1024;
    private const int MaxRows = 100;
    private const int MaxTransactionBytes = 3 * 1024 * 1024;

    public async Task WriteAsync(string instance, IReadOnlyCollection<KeyValuePair<WorkflowDataName, ReadOnlyMemory<byte>>> values, CancellationToken cancellationToken)
    {
        var batch = new List<TableTransactionAction>();
        var bytes = 0;
        foreach (var (name, value) in values)
        {
            if (value.Length > IWorkflowData.MaxBytes)
                throw new ArgumentException($"The value '{name}' of workflow {instance} has {value.Length} bytes; at most {IWorkflowData.MaxBytes} are kept. Keep the data in a blob and pass its name.", nameof(values));
            var inBlob = value.Length > MaxRowBytes;
            if (inBlob)
                await blobs.GetBlobClient(BlobOf(instance, name.Key)).UploadAsync(BinaryData.FromBytes(value), overwrite: true, cancellationToken);
            if (batch.Count == MaxRows || bytes + value.Length > MaxTransactionBytes)
                bytes = await SubmitAsync(batch, cancellationToken);
            batch.Add(new TableTransactionAction(
                TableTransactionActionType.UpsertReplace,
                new TableEntity(instance, name.Key) { ["InBlob"] = inBlob, ["Value"] = inBlob ? [] : value.ToArray() }));
            bytes += inBlob ? 0 : value.Length;
        }

        await SubmitAsync(batch, cancellationToken);
    }

    public async Task<ReadOnlyMemory<byte>?> ReadAsync(string instance, WorkflowDataName name, CancellationToken cancellationToken) =>
        await table.GetEntityIfExistsAsync<TableEntity>(instance, name.Key, cancellationToken: cancellationToken) is { HasValue: true, Value: { } entity }
            ? await ValueOfAsync(entity, cancellationToken)
            // Not plain null: that would convert to an empty value.
            : default(ReadOnlyMemory<byte>?);

    public async IAsyncEnumerable<(int Item, ReadOnlyMemory<byte> Value)> ReadItemsAsync(
        string instance, WorkflowDataName step, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Numbers of six digits sort as they count.
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {instance} and RowKey gt {step.Key + "!"} and RowKey lt {step.Key + "\""}");
        await foreach (var entity in table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
            yield return (int.Parse(entity.RowKey.AsSpan(step.Key.Length + 1), provider: null), await ValueOfAsync(entity, cancellationToken));
    }

    public async Task RemoveAsync(string instance, CancellationToken cancellationToken)
    {
        var batch = new List<TableTransactionAction>();
        await foreach (var entity in table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {instance}"), MaxRows, ["PartitionKey", "RowKey", "InBlob"], cancellationToken))
        {
            if (entity.GetBoolean("InBlob") == true)
                await blobs.DeleteBlobIfExistsAsync(BlobOf(instance, entity.RowKey), cancellationToken: cancellationToken);
            batch.Add(new TableTransactionAction(TableTransactionActionType.Delete, entity, ETag.All));
            if (batch.Count == MaxRows)
                await SubmitAsync(batch, cancellationToken);
        }

        await SubmitAsync(batch, cancellationToken);
    }

    private async Task<int> SubmitAsync(List<TableTransactionAction> batch, CancellationToken cancellationToken)
    {
        if (batch.Count > 0)
            await table.SubmitTransactionAsync(batch, cancellationToken);
        batch.Clear();
        return 0;
    }

    private async Task<ReadOnlyMemory<byte>> ValueOfAsync(TableEntity entity, CancellationToken cancellationToken) => entity.GetBoolean("InBlob") == true
        ? (await blobs.GetBlobClient(BlobOf(entity.PartitionKey, entity.RowKey)).DownloadContentAsync(cancellationToken)).Value.Content.ToMemory()
        : entity.GetBinary("Value");

    private static string BlobOf(string instance, string key) => $"workflows/{instance}/{key}";
}
