using Azure;
using Azure.Data.Tables;
using JobPipeline.AzureStorage.GroupCommit;
using JobPipeline.Jobs;

namespace JobPipeline.AzureStorage.Jobs;

/// <summary>
/// Stores records and attempts in one table. A transition touches only one partition, so it is one entity-group transaction;
/// transitions that arrive together share one (<see cref="GroupCommitter"/>).
/// </summary>
internal sealed class TableJobStore(TableClient table) : IJobStore
{
    private readonly GroupCommitter _committer = new(table);

    public async Task<JobSnapshot> ReadAsync(JobId id, CancellationToken cancellationToken)
    {
        JobRecord? record = null;
        var attempts = new List<Attempt>();
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {JobRows.Partition(id)} and RowKey ge {JobRows.Record(id)} and RowKey lt {JobRows.End(id)}");
        await foreach (var entity in table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            if (JobRows.IsAttempt(entity.RowKey))
                attempts.Add(AttemptEntity.ToAttempt(entity));
            else
                record = RecordEntity.ToRecord(entity);
        }

        return record is null && attempts.Count == 0 ? JobSnapshot.None : new JobSnapshot(record, attempts);
    }

    public async Task<TransitionResult> ApplyAsync(JobTransition transition, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var actions = new List<TableTransactionAction>(2);
        if (transition.Attempt is { } attempt)
            actions.Add(ActionOn(attempt));
        if (transition.Record is { } record)
            actions.Add(ActionOn(transition.Job, record));
        var etags = await _committer.CommitAsync(JobRows.Partition(transition.Job), new RowGroup(actions));
        if (etags is null)
            return TransitionResult.Conflict;
        return new TransitionResult(true, transition.Attempt is null ? null : etags[0]);
    }

    /// <summary>
    /// An ending is merged, which the emulator does in half the time of a replacement. It clears no column: it only adds to a row
    /// that, by its version, is still the one that the worker knows.
    /// </summary>
    private static TableTransactionAction ActionOn(AttemptWrite write)
    {
        var entity = AttemptEntity.From(write.Row);
        if (write.Row.Version is not { } version)
            return new TableTransactionAction(TableTransactionActionType.Add, entity);
        var isEnding = write.Row.State is AttemptState.Succeeded or AttemptState.Failed;
        return new TableTransactionAction(
            isEnding ? TableTransactionActionType.UpdateMerge : TableTransactionActionType.UpdateReplace, entity, new ETag(version));
    }

    private static TableTransactionAction ActionOn(JobId id, RecordWrite write)
    {
        var entity = RecordEntity.From(id, write);
        return write.Condition switch
        {
            RecordCondition.Absent => new TableTransactionAction(TableTransactionActionType.Add, entity),
            RecordCondition.Any => new TableTransactionAction(TableTransactionActionType.UpsertMerge, entity),
            _ => new TableTransactionAction(TableTransactionActionType.UpdateMerge, entity, ETag.All),
        };
    }
}
