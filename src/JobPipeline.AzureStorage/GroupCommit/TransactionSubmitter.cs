using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace JobPipeline.AzureStorage.GroupCommit;

/// <summary>
/// Submits a batch and answers each of its groups. A condition that does not hold fails the whole transaction: its group
/// is taken out and the rest goes again, once; if it fails again, the rest goes group by group, so that an answer that
/// was lost (all rows written, the SDK's own retry refused) costs a bounded number of calls. A row that the service can't
/// take harms no neighbour either.
/// </summary>
internal sealed class TransactionSubmitter(TableClient table)
{
    private const int SinglesAtATime = 8;

    /// <summary>Never throws: failures are answers.</summary>
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

    /// <summary>Null: every group was answered. Else who stood in the way.</summary>
    private async Task<Obstacle?> TrySubmitAsync(IReadOnlyList<RowGroup> batch)
    {
        try
        {
            var actions = batch.SelectMany(group => group.Actions).ToList();
            var responses = (await table.SubmitTransactionAsync(actions)).Value;
            var position = 0;
            foreach (var group in batch)
            {
                group.Committed([.. responses.Skip(position).Take(group.Actions.Count).Select(response => response.Headers.ETag?.ToString() ?? "")]);
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

    /// <summary>The row that failed a transaction, where the service named one, and the error when it was no condition.</summary>
    private sealed record Obstacle(int? Row, RequestFailedException? Error)
    {
        /// <summary>Answers the group that stood in the way; returns the others.</summary>
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
