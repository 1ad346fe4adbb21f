using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace JobPipeline.AzureStorage.GroupCommit;

/// <summary>
/// Submits a batch and completes each of its groups. A condition that does not hold fails the whole transaction: its group is
/// removed and the rest is submitted again, once. If that fails too, the remaining groups are submitted one by one, so that a
/// lost response (all rows written, the SDK's own retry refused) costs a bounded number of calls. Likewise, a row that the
/// service can't accept fails only its own group.
/// </summary>
internal sealed class TransactionSubmitter(TableClient table)
{
    private const int SinglesAtATime = 8;

    /// <summary>Submits the batch. Never throws: failures are delivered to the groups.</summary>
    public async Task SubmitAsync(IReadOnlyList<RowGroup> batch)
    {
        var left = batch;
        for (var round = 0; round < 2 && left.Count > 1; round++)
        {
            if (await TrySubmitAsync(left) is not { } culprit)
                return;
            left = culprit.Refused(left);
        }

        await Parallel.ForEachAsync(left, new ParallelOptions { MaxDegreeOfParallelism = SinglesAtATime }, async (group, _) =>
        {
            if (await TrySubmitAsync([group]) is { } culprit)
                culprit.Refused([group]);
        });
    }

    /// <summary>Returns null when every group has completed, else the obstacle.</summary>
    private async Task<Obstacle?> TrySubmitAsync(IReadOnlyList<RowGroup> batch)
    {
        try
        {
            var actions = batch.SelectMany(group => group.Actions).ToList();
            var responses = (await table.SubmitTransactionAsync(actions)).Value;
            var position = 0;
            foreach (var group in batch)
            {
                group.Committed(
                    [.. responses.Skip(position).Take(group.Actions.Count).Select(response => response.Headers.ETag?.ToString() ?? "")]);
                position += group.Actions.Count;
            }

            return null;
        }
        catch (RequestFailedException e) when (e.Status is 404 or 409 or 412 && !IsTableMissing(e))
        {
            return new Obstacle((e as TableTransactionFailedException)?.FailedTransactionActionIndex, null);
        }
        catch (RequestFailedException e) when (e.Status is 400 or 413)
        {
            return new Obstacle((e as TableTransactionFailedException)?.FailedTransactionActionIndex, e);
        }
        catch (Exception e)
        {
            foreach (var group in batch)
                group.Failed(e);
            return null;
        }
    }

    private static bool IsTableMissing(RequestFailedException e) => e.ErrorCode == TableErrorCode.TableNotFound;

    /// <summary>The row that failed a transaction, if the service named it, and the error unless a condition did not hold.</summary>
    private sealed record Obstacle(int? Row, RequestFailedException? Error)
    {
        /// <summary>Completes the group that failed the transaction and returns the others.</summary>
        public IReadOnlyList<RowGroup> Refused(IReadOnlyList<RowGroup> batch)
        {
            if (batch.Count > 1 && Row is null)
                return batch;
            var culprit = batch.Count == 1 ? batch[0] : GroupOf(batch, Row!.Value);
            if (Error is null)
                culprit.Refused();
            else
                culprit.Failed(Error);
            return [.. batch.Where(group => group != culprit)];
        }

        private static RowGroup GroupOf(IReadOnlyList<RowGroup> batch, int row)
        {
            foreach (var group in batch)
            {
                if (row < group.Actions.Count)
                    return group;
                row -= group.Actions.Count;
            }

            return batch[^1];
        }
    }
}
