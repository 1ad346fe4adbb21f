using Azure;
using Azure.Data.Tables;
using JobPipeline.AzureStorage.Jobs;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Jobs;

namespace JobPipeline.AzureStorage.Failures;

/// <summary>
/// Stores dead letters in a table whose keys are inverted times, so that the newest come first and a list can continue where
/// it stopped. The key derives from the id alone.
/// </summary>
internal sealed class TableDeadLetterStore(TableClient table) : IDeadLetterStore
{
    public async Task AddAsync(DeadLetter deadLetter, CancellationToken cancellationToken)
    {
        try
        {
            await table.AddEntityAsync(DeadLetterEntity.From(deadLetter), cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 409)
        {
            return;
        }
    }

    public async Task<DeadLetter?> ReadAsync(JobId id, CancellationToken cancellationToken) =>
        await table.GetEntityIfExistsAsync<TableEntity>(
            DeadLetterEntity.Partition(id),
            JobRows.Record(id),
            cancellationToken: cancellationToken) is { HasValue: true, Value: { } entity }
            ? DeadLetterEntity.ToLetter(entity)
            : null;

    public async Task<bool> TryWriteReplaysAsync(DeadLetter deadLetter, CancellationToken cancellationToken)
    {
        try
        {
            await table.UpdateEntityAsync(
                DeadLetterEntity.Replays(deadLetter), new ETag(deadLetter.Version!), TableUpdateMode.Merge, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is 412 or 404)
        {
            return false;
        }
    }

    public Task<DeadLetterPage> ListAsync(DeadLetterFilter filter, JobId? before, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, IDeadLetterStore.MaxLimit);
        return new DeadLetterScan(table, filter, limit).RunAsync(before, cancellationToken);
    }

    public async Task<bool> RemoveAsync(JobId id, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await table.DeleteEntityAsync(DeadLetterEntity.Partition(id), JobRows.Record(id), ETag.All, cancellationToken);
            return answer.Status != 404;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return false;
        }
    }
}
