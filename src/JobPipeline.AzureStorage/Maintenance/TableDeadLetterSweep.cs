using Azure.Data.Tables;
using JobPipeline.AzureStorage.Failures;
using JobPipeline.Maintenance.Retention;

namespace JobPipeline.AzureStorage.Maintenance;

/// <summary>Deletes dead letters. A day is one partition.</summary>
internal sealed class TableDeadLetterSweep(TableClient table) : IRetentionSweep
{
    private static readonly string[] Columns = ["PartitionKey", "RowKey", "At"];

    private readonly RowRemover _remover = new(table);

    public string Kind => "dead-letters";

    public int Order => 2;

    /// <summary>The newest day comes first in the table, so finding the oldest one is expensive.</summary>
    public Task<DateOnly?> FindOldestAsync(CancellationToken cancellationToken) => Task.FromResult<DateOnly?>(null);

    public async Task<SweepResult> SweepAsync(DateOnly day, string? position, SweepStep step, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {DeadLetterEntity.Partition(day)} and RowKey gt {position ?? ""}");
        var over = new List<Task<bool>>();
        DateTimeOffset? lookAgainAt = null;
        string? last = null;
        var seen = 0;
        await foreach (var deadLetter in table.QueryAsync<TableEntity>(filter, Math.Clamp(step.Size, 1, 1000), Columns, cancellationToken))
        {
            last = deadLetter.RowKey;
            seen++;
            if (RetentionRules.LookAgainAtDeadLetter(deadLetter.GetDateTimeOffset("At")!.Value, step) is not { } at)
                over.Add(_remover.RemoveAsync([deadLetter]));
            else if (lookAgainAt is null || at < lookAgainAt)
                lookAgainAt = at;
            if (seen >= step.Size)
                break;
        }

        var removed = await Task.WhenAll(over);
        if (removed.Contains(false))
            lookAgainAt = step.Now;
        return new SweepResult(removed.Count(done => done), seen < step.Size ? null : last, lookAgainAt);
    }
}
