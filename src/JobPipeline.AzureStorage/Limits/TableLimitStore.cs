using Azure;
using Azure.Data.Tables;
using JobPipeline.Limits.Lots;
using JobPipeline.Limits.Meters;

namespace JobPipeline.AzureStorage.Limits;

/// <summary>
/// Stores each gate in a partition of its own: the meter, the mark of its lot, and the parked jobs behind them. Parking merges the mark
/// instead of the meter: that needs no version, fails when the lot is closed, and keeps a release turn from closing it.
/// </summary>
internal sealed class TableLimitStore(TableClient table) : ILimitStore
{
    /// <summary>The row key of a lot's mark, which exists while the gate has a lot.</summary>
    private const string LotRow = "l";

    private readonly DueIndex _due = new(table);

    public async Task<Meter> ReadMeterAsync(GateId gate, CancellationToken cancellationToken) =>
        await table.GetEntityIfExistsAsync<TableEntity>(
            gate.Partition, MeterEntity.Row, cancellationToken: cancellationToken) is { HasValue: true, Value: { } entity }
            ? MeterEntity.ToMeter(entity)
            : Meter.Fresh;

    public async Task<Lot> ReadLotAsync(GateId gate, int max, bool withUnstarted, CancellationToken cancellationToken)
    {
        var rows = await QueryAsync(MarksAndWaiting(gate), max + 2, cancellationToken);
        var unstarted = withUnstarted ? await QueryAsync(Granted(gate), max, cancellationToken) : [];
        var meter = rows.Find(row => row.RowKey == MeterEntity.Row);
        return new Lot(
            meter is null ? Meter.Fresh : MeterEntity.ToMeter(meter),
            rows.Find(row => row.RowKey == LotRow)?.ETag.ToString(),
            [.. rows.Where(IsParked).Take(max).Select(ParkedEntity.ToJob)],
            [.. unstarted.Select(ParkedEntity.ToJob)]);
    }

    public async Task<ParkedJob?> FindAsync(GateId gate, ParkedKey key, CancellationToken cancellationToken) =>
        await table.GetEntityIfExistsAsync<TableEntity>(
            gate.Partition, key.Text, cancellationToken: cancellationToken) is { HasValue: true, Value: { } entity }
            ? ParkedEntity.ToJob(entity)
            : null;

    public async Task<IReadOnlyList<ParkedJob>> ListAsync(
        GateId gate, ParkedKey from, ParkedKey? to, int max, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {gate.Partition} and RowKey ge {from.Text} and RowKey lt {to?.Text ?? ParkedEntity.End}");
        var rows = await QueryAsync(filter, max, cancellationToken, ParkedEntity.PlaceColumns);
        return [.. rows.Select(ParkedEntity.ToJob)];
    }

    public async Task<bool> TryRemoveAsync(GateId gate, ParkedJob job, CancellationToken cancellationToken)
    {
        try
        {
            var response = await table.DeleteEntityAsync(gate.Partition, job.Key.Text, new ETag(job.Version!), cancellationToken);
            return !response.IsError;
        }
        catch (RequestFailedException e) when (e.Status == 412)
        {
            return false;
        }
    }

    public async Task<GateWrite?> TryWriteAsync(GateChange change, CancellationToken cancellationToken)
    {
        var rows = change.Changed.Concat(change.Added).ToList();
        var actions = new List<TableTransactionAction> { OfMeter(change) };
        actions.AddRange(rows.Select((row, index) => new TableTransactionAction(
            index < change.Changed.Count ? TableTransactionActionType.UpdateReplace : TableTransactionActionType.Add,
            ParkedEntity.From(change.Gate, row),
            new ETag(row.Version ?? ""))));
        actions.AddRange(change.Removed.Select(row => new TableTransactionAction(
            TableTransactionActionType.Delete, new TableEntity(change.Gate.Partition, row.Key.Text), new ETag(row.Version!))));
        if (change.OpensLot)
            actions.Add(new TableTransactionAction(TableTransactionActionType.Add, new TableEntity(change.Gate.Partition, LotRow)));
        if (change.ClosesLot is { } lot)
            actions.Add(new TableTransactionAction(
                TableTransactionActionType.Delete, new TableEntity(change.Gate.Partition, LotRow), new ETag(lot)));
        try
        {
            var written = (await table.SubmitTransactionAsync(actions, cancellationToken)).Value;
            return new GateWrite(
                change.RemovesMeter ? Meter.Fresh : change.Meter with { Version = VersionOf(written[0]) },
                [.. rows.Select((row, index) => row with { Version = VersionOf(written[index + 1]) })]);
        }
        catch (RequestFailedException e) when (e.Status is 404 or 409 or 412 && e.ErrorCode != "TableNotFound")
        {
            return null;
        }
    }

    public async Task<ParkResult> ParkAsync(GateId gate, IReadOnlyList<ParkedJob> jobs, CancellationToken cancellationToken)
    {
        var actions = new List<TableTransactionAction>
        {
            new(TableTransactionActionType.UpdateMerge, new TableEntity(gate.Partition, LotRow), ETag.All),
        };
        actions.AddRange(jobs.Select(job => new TableTransactionAction(TableTransactionActionType.Add, ParkedEntity.From(gate, job))));
        try
        {
            await table.SubmitTransactionAsync(actions, cancellationToken);
            return ParkResult.Parked;
        }
        catch (RequestFailedException e) when (e.Status == 409)
        {
            return ParkResult.Exists;
        }
        catch (RequestFailedException e) when (e.Status == 404 && e.ErrorCode != "TableNotFound")
        {
            return ParkResult.NoLot;
        }
    }

    public Task AddDueAsync(DueGate due, CancellationToken cancellationToken) => _due.AddAsync(due, cancellationToken);

    public Task RemoveDueAsync(DueGate due, CancellationToken cancellationToken) => _due.RemoveAsync(due, cancellationToken);

    public Task<IReadOnlyList<DueGate>> ListDueAsync(DateTimeOffset until, int max, CancellationToken cancellationToken) =>
        _due.ListAsync(until, max, cancellationToken);

    private static string MarksAndWaiting(GateId gate) =>
        TableClient.CreateQueryFilter($"PartitionKey eq {gate.Partition} and RowKey lt {ParkedEntity.End}")
            + TableClient.CreateQueryFilter($" and (RowKey lt {ParkedEntity.Prefix} or IsGranted eq false)");

    private static string Granted(GateId gate) => TableClient.CreateQueryFilter(
        $"PartitionKey eq {gate.Partition} and RowKey ge {ParkedEntity.Prefix} and RowKey lt {ParkedEntity.End} and IsGranted eq true");

    private static bool IsParked(TableEntity row) => row.RowKey.StartsWith(ParkedEntity.Prefix, StringComparison.Ordinal);

    private static TableTransactionAction OfMeter(GateChange change)
    {
        var entity = MeterEntity.From(change.Gate, change.Meter);
        if (change.Meter.Version is not { } version)
            return new TableTransactionAction(TableTransactionActionType.Add, entity);
        var kind = change.RemovesMeter ? TableTransactionActionType.Delete : TableTransactionActionType.UpdateReplace;
        return new TableTransactionAction(kind, entity, new ETag(version));
    }

    private static string VersionOf(Response response) => response.Headers.ETag?.ToString() ?? "";

    /// <summary>Reads one page. The service may return fewer rows than there are; what is left out is seen by the next turn.</summary>
    private async Task<List<TableEntity>> QueryAsync(
        string filter, int max, CancellationToken cancellationToken, IEnumerable<string>? columns = null)
    {
        var rows = new List<TableEntity>();
        await foreach (var row in table.QueryAsync<TableEntity>(filter, max, columns, cancellationToken))
        {
            rows.Add(row);
            if (rows.Count == max)
                break;
        }

        return rows;
    }
}
