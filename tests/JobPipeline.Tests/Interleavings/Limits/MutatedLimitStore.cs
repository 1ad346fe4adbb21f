using JobPipeline.Limits.Lots;
using JobPipeline.Limits.Meters;

namespace JobPipeline.Tests.Interleavings.Limits;

/// <summary>Ways to break the protocol. Each has to be noticed.</summary>
internal enum GateMutation
{
    /// <summary>Starting a granted job does not write: its grant is only read.</summary>
    ReadOnlyRedeem,

    /// <summary>The meter is written whatever its version is: owners overwrite each other.</summary>
    AnyVersion,

    /// <summary>A lot that gets a row while a turn looks at it is closed all the same.</summary>
    LotClosedBlindly,

    /// <summary>The meter is removed although slots are reserved or held.</summary>
    MeterRemovedTooEarly,

    /// <summary>The due index is not written: nobody comes back for a lot.</summary>
    NoDueIndex,

    /// <summary>A grant that has not started within half a minute goes to the next.</summary>
    GrantExpires,
}

/// <summary>The store with one rule broken.</summary>
internal sealed class MutatedLimitStore(ILimitStore store, GateMutation mutation, TimeProvider time) : ILimitStore
{
    public Task<Meter> ReadMeterAsync(GateId gate, CancellationToken cancellationToken) => store.ReadMeterAsync(gate, cancellationToken);

    public async Task<Lot> ReadLotAsync(GateId gate, int max, bool withUnstarted, CancellationToken cancellationToken)
    {
        var lot = await store.ReadLotAsync(gate, max, withUnstarted, cancellationToken);
        if (mutation != GateMutation.GrantExpires || lot.Version is null)
            return lot;
        var old = (await store.ReadLotAsync(gate, max, withUnstarted: true, cancellationToken)).Unstarted
            .Where(row => row.SentAt + TimeSpan.FromSeconds(2) < time.GetUtcNow())
            .ToList();
        if (old.Count == 0)
            return lot;
        await store.TryWriteAsync(
            new GateChange(gate, lot.Meter with { Granted = Math.Max(0, lot.Meter.Granted - old.Count) }) { Changed = old },
                cancellationToken);
        return await store.ReadLotAsync(gate, max, withUnstarted, cancellationToken);
    }

    public Task<ParkedJob?> FindAsync(GateId gate, ParkedKey key, CancellationToken cancellationToken) =>
        store.FindAsync(gate, key, cancellationToken);

    public async Task<GateWrite?> TryWriteAsync(GateChange change, CancellationToken cancellationToken)
    {
        switch (mutation)
        {
            case GateMutation.ReadOnlyRedeem when change.Removed.Count > 0:
                return new GateWrite(change.Meter, []);
            case GateMutation.AnyVersion:
                var stored = await store.ReadMeterAsync(change.Gate, cancellationToken);
                return await store.TryWriteAsync(change with { Meter = change.Meter with { Version = stored.Version } }, cancellationToken);
            case GateMutation.LotClosedBlindly when change.ClosesLot is not null:
                // Long enough for others to park.
                await Task.Delay(TimeSpan.FromMilliseconds(500), time, cancellationToken);
                var lot = await store.ReadLotAsync(change.Gate, 1, withUnstarted: false, cancellationToken);
                return await store.TryWriteAsync(change with { ClosesLot = lot.Version }, cancellationToken);
            case GateMutation.MeterRemovedTooEarly when change is { Meter.Version: not null, Meter.HasLot: false, Added.Count: 0 }:
                return await store.TryWriteAsync(change with { RemovesMeter = true }, cancellationToken);
            default:
                return await store.TryWriteAsync(change, cancellationToken);
        }
    }

    public Task<IReadOnlyList<ParkedJob>> ListAsync(
        GateId gate, ParkedKey from, ParkedKey? to, int max, CancellationToken cancellationToken) =>
        store.ListAsync(gate, from, to, max, cancellationToken);

    public Task<bool> TryRemoveAsync(GateId gate, ParkedJob job, CancellationToken cancellationToken) =>
        store.TryRemoveAsync(gate, job, cancellationToken);

    public Task<ParkResult> ParkAsync(GateId gate, IReadOnlyList<ParkedJob> jobs, CancellationToken cancellationToken) =>
        store.ParkAsync(gate, jobs, cancellationToken);

    public Task AddDueAsync(DueGate due, CancellationToken cancellationToken) =>
        mutation == GateMutation.NoDueIndex ? Task.CompletedTask : store.AddDueAsync(due, cancellationToken);

    public Task RemoveDueAsync(DueGate due, CancellationToken cancellationToken) => store.RemoveDueAsync(due, cancellationToken);

    public Task<IReadOnlyList<DueGate>> ListDueAsync(DateTimeOffset until, int max, CancellationToken cancellationToken) =>
        store.ListDueAsync(until, max, cancellationToken);
}
