using Azure.Data.Tables;

namespace JobPipeline.AzureStorage.GroupCommit;

/// <summary>
/// Commits the groups of rows that have gathered in one entity-group transaction. A partition has at most one transaction in
/// progress: the first group is submitted immediately, and groups that arrive meanwhile form the next transaction. No group
/// waits for a timer, and each completes only after its commit.
/// </summary>
internal sealed class GroupCommitter(TableClient table)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Queue<RowGroup>> _waiting = new(StringComparer.Ordinal);
    private readonly TransactionSubmitter _submitter = new(table);

    /// <summary>Returns the ETags of the rows, or null when a condition did not hold and nothing of the group was written.</summary>
    public Task<IReadOnlyList<string>?> CommitAsync(string partition, RowGroup group)
    {
        lock (_lock)
        {
            if (_waiting.TryGetValue(partition, out var queue))
            {
                queue.Enqueue(group);
                return group.Answer;
            }

            _waiting[partition] = queue = new Queue<RowGroup>();
            queue.Enqueue(group);
        }

        _ = DrainAsync(partition);
        return group.Answer;
    }

    private async Task DrainAsync(string partition)
    {
        do
        {
            // Lets other callers of the same received batch, or of one that has just completed, join this transaction.
            await Task.Yield();
        }
        while (await TrySubmitAsync(partition));
    }

    private async Task<bool> TrySubmitAsync(string partition)
    {
        if (TakeBatch(partition) is not { } batch)
            return false;
        await _submitter.SubmitAsync(batch);
        return true;
    }

    /// <summary>Returns null when nothing waits; the partition is then removed.</summary>
    private List<RowGroup>? TakeBatch(string partition)
    {
        lock (_lock)
        {
            var queue = _waiting[partition];
            if (queue.Count > 0)
                return Batch.Take(queue);
            _waiting.Remove(partition);
            return null;
        }
    }
}
