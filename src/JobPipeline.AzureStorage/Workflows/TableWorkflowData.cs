using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using JobPipeline.Workflows.Instances;

namespace JobPipeline.AzureStorage.Workflows;

/// <summary>
/// Stores values as rows in the partition of their workflow instance, beside the row of the workflow instance itself; a value too large
/// for a row is stored in a blob that its row refers to.
/// </summary>
internal sealed class TableWorkflowData(TableClient table, BlobContainerClient blobs) : IWorkflowData
{
    private const int MaxRows = 100;
    private const int MaxTransactionBytes = 3 * 1024 * 1024;

    private readonly WorkflowOutputs _outputs = new(blobs);

    public async Task WriteAsync(
        string instance,
        IReadOnlyCollection<KeyValuePair<WorkflowDataName, ReadOnlyMemory<byte>>> values,
        CancellationToken cancellationToken)
    {
        var batch = new List<TableTransactionAction>();
        var bytes = 0;
        foreach (var (name, value) in values)
        {
            WorkflowOutputs.ThrowIfTooLarge(instance, name, value);
            var inBlob = value.Length > WorkflowOutputs.MaxRowBytes;
            if (inBlob)
                await blobs.GetBlobClient(WorkflowOutputs.BlobOf(instance, name.Key)).UploadAsync(
                    BinaryData.FromBytes(value), overwrite: true, cancellationToken);
            if (batch.Count == MaxRows || bytes + value.Length > MaxTransactionBytes)
                bytes = await SubmitAsync(batch, cancellationToken);
            batch.Add(new TableTransactionAction(
                TableTransactionActionType.UpsertReplace,
                new TableEntity(instance, name.Key) { ["InBlob"] = inBlob, ["Value"] = inBlob ? [] : value.ToArray() }));
            bytes += inBlob ? 0 : value.Length;
        }

        await SubmitAsync(batch, cancellationToken);
    }

    public async Task<bool> TryWriteOutputAsync(
        string instance, WorkflowDataName name, long rank, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        var row = await _outputs.ToRowAsync(instance, new StepOutput(name, rank, value), cancellationToken);
        while (true)
        {
            try
            {
                // Most step attempts are the only one.
                await table.AddEntityAsync(row, cancellationToken);
                return true;
            }
            catch (RequestFailedException e) when (e.Status == 409)
            {
                if (await TryReplaceAsync(row, rank, cancellationToken) is { } isWritten)
                    return isWritten;
            }
        }
    }

    public async Task WriteOutputsAsync(
        string instance, IReadOnlyCollection<StepOutput> outputs, CancellationToken cancellationToken)
    {
        foreach (var chunk in outputs.Where(output => output.Value.Length <= WorkflowOutputs.MaxRowBytes).Chunk(
            MaxTransactionBytes / WorkflowOutputs.MaxRowBytes))
        {
            try
            {
                // Most step attempts are the only one.
                var rows = await Task.WhenAll(chunk.Select(output => _outputs.ToRowAsync(instance, output, cancellationToken)));
                await table.SubmitTransactionAsync(
                    rows.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)), cancellationToken);
            }
            catch (RequestFailedException e) when (e.Status == 409)
            {
                // Nothing of the transaction was written.
                foreach (var output in chunk)
                    await TryWriteOutputAsync(instance, output.Name, output.Rank, output.Value, cancellationToken);
            }
        }

        foreach (var output in outputs.Where(output => output.Value.Length > WorkflowOutputs.MaxRowBytes))
            await TryWriteOutputAsync(instance, output.Name, output.Rank, output.Value, cancellationToken);
    }

    public async Task<ReadOnlyMemory<byte>?> ReadAsync(string instance, WorkflowDataName name, CancellationToken cancellationToken) =>
        await table.GetEntityIfExistsAsync<TableEntity>(
            instance, name.Key, cancellationToken: cancellationToken) is { HasValue: true, Value: { } entity }
            ? await ValueOfAsync(entity, cancellationToken)
            // Not plain null, which would convert to an empty value.
            : default(ReadOnlyMemory<byte>?);

    public IAsyncEnumerable<(int Item, ReadOnlyMemory<byte> Value)> ReadItemsAsync(
        string instance, WorkflowDataName step, CancellationToken cancellationToken) =>
        ReadItemsAsync(
            step.Key.Length + 1,
            TableClient.CreateQueryFilter(
                $"PartitionKey eq {instance} and RowKey gt {step.Key + "!"} and RowKey lt {step.Key + "\""}"),
            cancellationToken);

    public IAsyncEnumerable<(int Item, ReadOnlyMemory<byte> Value)> ReadListAsync(
        string instance, string step, int first, int last, CancellationToken cancellationToken)
    {
        var (from, to) = (WorkflowDataName.Item(step, first).Key, WorkflowDataName.Item(step, last).Key);
        return ReadItemsAsync(
            WorkflowDataName.Item(step).Key.Length + 1,
            TableClient.CreateQueryFilter($"PartitionKey eq {instance} and RowKey ge {from} and RowKey le {to}"),
            cancellationToken);
    }

    public async IAsyncEnumerable<string> ListChildrenAsync(string instance, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (first, end) = (WorkflowDataName.Child("").Key, WorkflowDataName.Child("").Key[..^1] + "\"");
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {instance} and RowKey gt {first} and RowKey lt {end}");
        await foreach (var entity in table.QueryAsync<TableEntity>(filter, select: ["RowKey"], cancellationToken: cancellationToken))
            yield return entity.RowKey[first.Length..];
    }

    public async Task RemoveAsync(string instance, CancellationToken cancellationToken)
    {
        // Lists the blobs instead of reading rows: a value that has become small, or a failed write, leaves a blob without a row.
        await foreach (var blob in blobs.GetBlobsAsync(
            BlobTraits.None, BlobStates.None, WorkflowOutputs.BlobOf(instance, ""), cancellationToken))
            await blobs.DeleteBlobIfExistsAsync(blob.Name, cancellationToken: cancellationToken);
        while (!await TryRemoveRowsAsync(instance, cancellationToken))
        {
        }
    }

    private async IAsyncEnumerable<(int Item, ReadOnlyMemory<byte> Value)> ReadItemsAsync(
        int prefix, string filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Numbers of six digits sort numerically.
        await foreach (var entity in table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
            yield return (int.Parse(entity.RowKey.AsSpan(prefix), provider: null), await ValueOfAsync(entity, cancellationToken));
    }

    /// <summary>Returns false when another process removes rows at the same time, so more rows may remain.</summary>
    private async Task<bool> TryRemoveRowsAsync(string instance, CancellationToken cancellationToken)
    {
        var batch = new List<TableTransactionAction>();
        try
        {
            await foreach (var entity in table.QueryAsync<TableEntity>(
                TableClient.CreateQueryFilter($"PartitionKey eq {instance} and RowKey ne {WorkflowEntity.Row}"),
                MaxRows, ["PartitionKey", "RowKey"], cancellationToken))
            {
                batch.Add(new TableTransactionAction(TableTransactionActionType.Delete, entity, ETag.All));
                if (batch.Count == MaxRows)
                    await SubmitAsync(batch, cancellationToken);
            }

            await SubmitAsync(batch, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return false;
        }
    }

    /// <summary>Returns null when the row has changed meanwhile or is missing.</summary>
    private async Task<bool?> TryReplaceAsync(TableEntity row, long rank, CancellationToken cancellationToken)
    {
        if (await table.GetEntityIfExistsAsync<TableEntity>(
            row.PartitionKey, row.RowKey, ["Rank"], cancellationToken) is not { HasValue: true, Value: { } there })
            return null;
        if (there.GetInt64("Rank") > rank)
            return false;
        try
        {
            await table.UpdateEntityAsync(row, there.ETag, TableUpdateMode.Replace, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is 404 or 412)
        {
            return null;
        }
    }

    private async Task<int> SubmitAsync(List<TableTransactionAction> batch, CancellationToken cancellationToken)
    {
        if (batch.Count > 0)
            await table.SubmitTransactionAsync(batch, cancellationToken);
        batch.Clear();
        return 0;
    }

    private async Task<ReadOnlyMemory<byte>> ValueOfAsync(TableEntity entity, CancellationToken cancellationToken)
    {
        if (entity.GetBoolean("InBlob") != true)
            return entity.GetBinary("Value");
        var blob = blobs.GetBlobClient(entity.GetString("Blob") ?? WorkflowOutputs.BlobOf(entity.PartitionKey, entity.RowKey));
        return (await blob.DownloadContentAsync(cancellationToken)).Value.Content.ToMemory();
    }
}
