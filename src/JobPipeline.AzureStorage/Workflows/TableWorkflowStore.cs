using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using JobPipeline.Workflows.Instances;

namespace JobPipeline.AzureStorage.Workflows;

/// <summary>
/// Stores workflow instances in a table: one row each in its own partition, and an index row by creation time for lists. The
/// index row is written before a new instance, and after one whose status changed; the version records the indexed status.
/// </summary>
internal sealed class TableWorkflowStore(TableClient table, BlobContainerClient blobs) : IWorkflowStore
{
    private const char Separator = '|';
    private const string BadCursor = "The cursor was not returned by a list.";

    private readonly WorkflowOutputs _outputs = new(blobs);

    public async Task<WorkflowInstance?> ReadAsync(string id, CancellationToken cancellationToken) =>
        await table.GetEntityIfExistsAsync<TableEntity>(
            id, WorkflowEntity.Row, cancellationToken: cancellationToken) is { HasValue: true, Value: { } entity }
            ? WorkflowEntity.ToInstance(entity, VersionOf(entity.ETag, entity.GetString("Indexed")))
            : null;

    public async Task<string?> TryWriteAsync(WorkflowInstance instance, CancellationToken cancellationToken)
    {
        var status = WorkflowEntity.StatusOf(instance);
        if (instance.Version is null)
            return await TryAddAsync(instance, status, cancellationToken);
        var (tag, indexed) = instance.Version.Split(Separator) is [var first, var second]
            ? (first, second)
            : throw new ArgumentException("The version was not returned by this store.", nameof(instance));
        try
        {
            // Writes the status as indexed now: after a crash before the index is updated, the next write updates it.
            var written = await UpdateAsync(instance, indexed, new ETag(tag), cancellationToken);
            if (indexed != status)
                await IndexAsync(instance, cancellationToken);
            return VersionOf(written, status);
        }
        catch (RequestFailedException e) when (e.Status is 412 or 404)
        {
            return null;
        }
    }

    public async Task<WorkflowPage> ListAsync(WorkflowFilter filter, string? cursor, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, IWorkflowStore.MaxLimit);
        // The service's continuation token: the keys of the next row.
        if (cursor is not null && cursor.Split(' ') is not [{ Length: > 0 }, { Length: > 0 }])
            throw new FormatException(BadCursor);
        try
        {
            // One request: the service stops after a thousand rows or five seconds and returns where to continue.
            await foreach (var page in table.QueryAsync<TableEntity>(
                WorkflowIndex.Query(filter), limit, cancellationToken: cancellationToken).AsPages(cursor))
                return new WorkflowPage([.. page.Values.Select(WorkflowIndex.ToSummary)], page.ContinuationToken);
            return new WorkflowPage([], null);
        }
        catch (RequestFailedException e) when (e.Status == 400 && cursor is not null)
        {
            throw new FormatException(BadCursor, e);
        }
    }

    public Task RemoveListingAsync(WorkflowSummary listed, CancellationToken cancellationToken)
    {
        var (partition, row) = WorkflowIndex.KeyOf(listed.Id, listed.CreatedAt);
        return table.DeleteEntityAsync(partition, row, ETag.All, cancellationToken);
    }

    public async Task<bool> RemoveAsync(string id, CancellationToken cancellationToken)
    {
        if (await ReadAsync(id, cancellationToken) is not { } instance)
            return false;
        await table.DeleteEntityAsync(id, WorkflowEntity.Row, ETag.All, cancellationToken);
        await RemoveListingAsync(WorkflowSummary.Of(instance), cancellationToken);
        return true;
    }

    /// <summary>Merges, so that the definition stays as it was inserted. A transaction only where there are outputs to store with
    /// it.</summary>
    private async Task<ETag?> UpdateAsync(WorkflowInstance instance, string indexed, ETag tag, CancellationToken cancellationToken)
    {
        var row = WorkflowEntity.ChangeOf(instance, indexed);
        if (instance.Outputs.Count == 0)
            return (await table.UpdateEntityAsync(row, tag, TableUpdateMode.Merge, cancellationToken)).Headers.ETag;
        var batch = new List<TableTransactionAction> { new(TableTransactionActionType.UpdateMerge, row, tag) };
        foreach (var output in instance.Outputs)
        {
            batch.Add(new TableTransactionAction(
                TableTransactionActionType.UpsertReplace, await _outputs.ToRowAsync(instance.Id, output, cancellationToken)));
        }

        return (await table.SubmitTransactionAsync(batch, cancellationToken)).Value[0].Headers.ETag;
    }

    private async Task<string?> TryAddAsync(WorkflowInstance instance, string status, CancellationToken cancellationToken)
    {
        await IndexAsync(instance, cancellationToken);
        try
        {
            var added = await table.AddEntityAsync(WorkflowEntity.From(instance, status), cancellationToken);
            return VersionOf(added.Headers.ETag, status);
        }
        catch (RequestFailedException e) when (e.Status == 409)
        {
            // Lists must not show a workflow instance twice.
            if ((await ReadAsync(instance.Id, cancellationToken))?.State.CreatedAt != instance.State.CreatedAt)
                await RemoveListingAsync(WorkflowSummary.Of(instance), cancellationToken);
            return null;
        }
    }

    private Task<Response> IndexAsync(WorkflowInstance instance, CancellationToken cancellationToken) =>
        table.UpsertEntityAsync(WorkflowIndex.From(instance), TableUpdateMode.Replace, cancellationToken);

    private static string VersionOf(ETag? tag, string indexed) => $"{tag}{Separator}{indexed}";
}
