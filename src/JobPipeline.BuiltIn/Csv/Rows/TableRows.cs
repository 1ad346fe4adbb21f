using System.Collections.Concurrent;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using JobPipeline.BuiltIn.Csv.Rejects;

namespace JobPipeline.BuiltIn.Csv.Rows;

/// <summary>
/// Writes batches to the table, each in one entity-group transaction. Writing a batch again is idempotent. Rows keyed by line
/// number replace existing rows. Rows with key columns are inserted; only if one of the keys exists are the existing rows read, to
/// distinguish rows of an earlier job or an earlier attempt at this batch (replaced) from an earlier line of this job (the later
/// line is rejected). A new import needs no such reads, and memory use does not grow with the file.
/// </summary>
internal sealed class TableRows(TableClient table, ImportPlan plan)
{
    private const int ReadsAtATime = 10;

    /// <summary>Writes the rows and returns the lines whose key an earlier line already uses.</summary>
    public async Task<IReadOnlyList<RejectedLine>> WriteAsync(IReadOnlyList<ImportRow> rows, CancellationToken cancellationToken)
    {
        if (!plan.HasKeyColumns)
        {
            await SubmitAsync(TableTransactionActionType.UpsertReplace, rows, cancellationToken);
            return [];
        }

        try
        {
            await SubmitAsync(TableTransactionActionType.Add, rows, cancellationToken);
            return [];
        }
        catch (RequestFailedException e) when (e.ErrorCode == TableErrorCode.EntityAlreadyExists)
        {
            return await ReplaceAsync(rows, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<RejectedLine>> ReplaceAsync(IReadOnlyList<ImportRow> rows, CancellationToken cancellationToken)
    {
        var earlier = await EarlierLinesAsync(rows, cancellationToken);
        await SubmitAsync(
            TableTransactionActionType.UpsertReplace, [.. rows.Where(row => !earlier.ContainsKey(row.Line))], cancellationToken);
        return [.. rows.Where(row => earlier.ContainsKey(row.Line)).Select(row => row.AsDuplicateOf(earlier[row.Line]))];
    }

    /// <summary>
    /// Returns, by line, the earlier line of this job with the same key. Uses point reads, because a filter on many keys would scan the
    /// partition.
    /// </summary>
    private async Task<ConcurrentDictionary<long, long>> EarlierLinesAsync(
        IReadOnlyList<ImportRow> rows, CancellationToken cancellationToken)
    {
        var earlier = new ConcurrentDictionary<long, long>();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = ReadsAtATime, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(rows, parallel, async (row, token) =>
        {
            var found = await table.GetEntityIfExistsAsync<TableEntity>(
                plan.Partition, row.Entity.RowKey, [PropertyName.Job, PropertyName.Line], token);
            if (found is { HasValue: true, Value: { } entity }
                && entity.TryGetValue(PropertyName.Job, out var job)
                && job as string == plan.Job.ToString()
                && entity.TryGetValue(PropertyName.Line, out var value)
                && value is long line
                && line < row.Line)
                {
                    earlier[row.Line] = line;
                }
        });
        return earlier;
    }

    private async Task SubmitAsync(TableTransactionActionType action, IReadOnlyList<ImportRow> rows, CancellationToken cancellationToken)
    {
        if (rows.Count > 0)
            await table.SubmitTransactionAsync(rows.Select(row => new TableTransactionAction(action, row.Entity)), cancellationToken);
    }
}
