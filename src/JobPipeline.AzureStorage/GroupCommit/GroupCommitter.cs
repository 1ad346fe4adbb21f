using Azure.Data.Tables;

namespace JobPipeline.AzureStorage.GroupCommit;

/// <summary>
/// Commits groups of rows, as many as have gathered in one entity-group transaction. A partition has at most one
/// transaction under way: the first group goes at once, what arrives meanwhile makes up the next. No group waits for a
/// timer, and none is answered before its commit.
/// </summary>
internal sealed class GroupCommitter(TableClient table)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Queue<RowGroup>> _waiting = new(StringComparer.Ordinal);
    private readonly TransactionSubmitter _submitter = new(table);

    /// <summary>The rows' ETags; null when a condition did not hold and nothing of the group was written.</summary>
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
            // Whoever is about to arrive, of a batch that was received together or of one that was just answered, gets in.
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

    /// <summary>Null: nothing waits, and the partition is forgotten.</summary>
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
