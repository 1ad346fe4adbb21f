namespace JobPipeline.AzureStorage.GroupCommit;

/// <summary>Cuts waiting groups into transactions that the service accepts: at most 100 rows, each row once, below 4 MiB.</summary>
internal static class Batch
{
    private const int MaxRows = 100;
    private const int MaxBytes = 3_500_000;

    public static List<RowGroup> Take(Queue<RowGroup> waiting)
    {
        var batch = new List<RowGroup>();
        var rows = new HashSet<string>(StringComparer.Ordinal);
        var bytes = 0;
        while (waiting.TryPeek(out var group))
        {
            var isFull = rows.Count + group.Actions.Count > MaxRows || bytes + group.Bytes > MaxBytes;
            if (batch.Count > 0 && (isFull || group.Actions.Any(action => rows.Contains(action.Entity.RowKey))))
                break;
            waiting.Dequeue();
            batch.Add(group);
            bytes += group.Bytes;
            rows.UnionWith(group.Actions.Select(action => action.Entity.RowKey));
        }

        return batch;
    }
}
