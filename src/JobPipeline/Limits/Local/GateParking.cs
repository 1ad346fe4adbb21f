using JobPipeline.Limits.Lots;
using JobPipeline.Limits.Meters;

namespace JobPipeline.Limits.Local;

/// <summary>Gives jobs that have to wait a row in the lot, which stands for their message.</summary>
internal sealed class GateParking(LocalGate gate, GateRow row, LocalGateServices services)
{
    /// <summary>The time until the first release turn of a lot, which finds capacity that was freed while it was opened.</summary>
    private static readonly TimeSpan FirstTurn = TimeSpan.FromSeconds(1);

    /// <summary>Parks jobs. The first one opens the lot, under the version of the meter that said no.</summary>
    public async Task ParkAsync(IReadOnlyList<GateRequest> requests)
    {
        foreach (var batch in requests.DistinctBy(request => request.Row!.Key).Chunk(GateChange.MaxRows))
            await ParkBatchAsync(batch);
        // The same job twice: one row.
        foreach (var request in requests)
            request.Complete(GateAnswer.Parked.Instance);
    }

    private async Task ParkBatchAsync(GateRequest[] batch)
    {
        var rows = batch.Select(request => request.Row!).ToList();
        if (!gate.Meter.HasLot)
        {
            if (await OpenLotAsync(rows))
                services.Metrics.Parked(gate.Id.Limit, rows.Count);
            else
                Complete(batch, GateAnswer.Changed.Instance);
            return;
        }

        switch (await services.Store.ParkAsync(gate.Id, rows, CancellationToken.None))
        {
            case ParkResult.Parked:
                services.Metrics.Parked(gate.Id.Limit, rows.Count);
                return;
            case ParkResult.Exists when batch.Length > 1:
                foreach (var request in batch)
                    await ParkBatchAsync([request]);
                return;
            case ParkResult.NoLot:
                gate.Invalidate();
                Complete(batch, GateAnswer.Changed.Instance);
                return;
            default:
                // A row that waits stands for the job. One with a grant is to be redeemed, and one that has gone, to be parked again.
                if (await services.Store.FindAsync(gate.Id, rows[0].Key, CancellationToken.None) is not { IsGranted: false })
                    Complete(batch, GateAnswer.Changed.Instance);
                return;
        }
    }

    private async Task<bool> OpenLotAsync(List<ParkedJob> rows)
    {
        var meter = gate.Meter;
        var due = new DueGate(gate.Id, row.Now + FirstTurn);
        // First the index: a lot without an entry in it would be forgotten.
        await services.Store.AddDueAsync(due, CancellationToken.None);
        var opened = meter with { HasLot = true, TurnDue = due.At, Rule = row.RuleOf(meter) };
        return await row.TryWriteAsync(new GateChange(gate.Id, opened) { Added = rows, OpensLot = true }, row.Now) is not null;
    }

    /// <summary>Turns permits into granted rows. The jobs wait at another gate, whose message starts them.</summary>
    public async Task KeepAsync(IReadOnlyList<GateRequest> requests)
    {
        foreach (var batch in requests.DistinctBy(request => request.Row!.Key).Chunk(GateChange.MaxRows))
        {
            for (var losses = 0; losses <= GateRow.MaxLosses; losses++)
            {
                var meter = await row.CurrentAsync();
                var slots = MeterRules.SlotsOf(meter, services.Instance, row.Now) - batch.Length;
                var kept = MeterRules.WithSlots(meter, row.RuleOf(meter), services.Instance, slots, row.Now, services.SlotLease);
                var rows = batch.Select(request => request.Row! with { IsGranted = true, IsKept = true }).ToList();
                var change = new GateChange(gate.Id, kept with { Granted = kept.Granted + batch.Length }) { Added = rows };
                if (await row.TryWriteAsync(change, row.Now) is not null)
                {
                    gate.Admit(-batch.Length, 0, row.Now);
                    Complete(batch, GateAnswer.Parked.Instance);
                    break;
                }

                await row.BackOffAsync(losses);
            }

            Complete(batch, GateAnswer.Changed.Instance);
        }

        Complete(requests, GateAnswer.Changed.Instance);
    }

    private static void Complete(IEnumerable<GateRequest> requests, GateAnswer answer)
    {
        foreach (var request in requests)
            request.Complete(answer);
    }
}
