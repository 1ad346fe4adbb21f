using JobPipeline.Limits.Lots;
using JobPipeline.Limits.Meters;

namespace JobPipeline.Tests.Interleavings.Limits;

/// <summary>The store as one instance reaches it: operations take time, fail before or after they took effect, and end with the
/// process.</summary>
internal sealed class FaultyLimitStore(ILimitStore store, GateInstance instance) : ILimitStore
{
    public Task<Meter> ReadMeterAsync(GateId gate, CancellationToken cancellationToken) =>
        instance.OperateAsync(() => store.ReadMeterAsync(gate, cancellationToken));

    public Task<Lot> ReadLotAsync(GateId gate, int max, bool withUnstarted, CancellationToken cancellationToken) =>
        instance.OperateAsync(() => store.ReadLotAsync(gate, max, withUnstarted, cancellationToken));

    public Task<ParkedJob?> FindAsync(GateId gate, ParkedKey key, CancellationToken cancellationToken) =>
        instance.OperateAsync(() => store.FindAsync(gate, key, cancellationToken));

    public Task<GateWrite?> TryWriteAsync(GateChange change, CancellationToken cancellationToken) =>
        instance.OperateAsync(() => store.TryWriteAsync(change, cancellationToken));

    public Task<IReadOnlyList<ParkedJob>> ListAsync(
        GateId gate, ParkedKey from, ParkedKey? to, int max, CancellationToken cancellationToken) =>
        instance.OperateAsync(() => store.ListAsync(gate, from, to, max, cancellationToken));

    public Task<bool> TryRemoveAsync(GateId gate, ParkedJob job, CancellationToken cancellationToken) =>
        instance.OperateAsync(() => store.TryRemoveAsync(gate, job, cancellationToken));

    public Task<ParkResult> ParkAsync(GateId gate, IReadOnlyList<ParkedJob> jobs, CancellationToken cancellationToken) =>
        instance.OperateAsync(() => store.ParkAsync(gate, jobs, cancellationToken));

    public Task AddDueAsync(DueGate due, CancellationToken cancellationToken) =>
        instance.OperateAsync(() => Done(store.AddDueAsync(due, cancellationToken)));

    public Task RemoveDueAsync(DueGate due, CancellationToken cancellationToken) =>
        instance.OperateAsync(() => Done(store.RemoveDueAsync(due, cancellationToken)));

    public Task<IReadOnlyList<DueGate>> ListDueAsync(DateTimeOffset until, int max, CancellationToken cancellationToken) =>
        instance.OperateAsync(() => store.ListDueAsync(until, max, cancellationToken));

    private static async Task<bool> Done(Task task)
    {
        await task;
        return true;
    }
}
