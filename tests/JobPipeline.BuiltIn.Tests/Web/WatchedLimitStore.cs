using JobPipeline.Limits.Lots;
using JobPipeline.Limits.Meters;
using JobPipeline.Testing;

namespace JobPipeline.BuiltIn.Tests.Web;

/// <summary>A store of limits that several instances share, that counts writes and can be down.</summary>
internal sealed class WatchedLimitStore : ILimitStore
{
    private readonly InMemoryLimitStore _store = new();
    private int _writes;

    public int Writes => Volatile.Read(ref _writes);

    public bool IsDown { get; set; }

    public Task<Meter> ReadMeterAsync(GateId gate, CancellationToken cancellationToken) =>
        IsDown ? Task.FromException<Meter>(new IOException("down")) : _store.ReadMeterAsync(gate, cancellationToken);

    public Task<Lot> ReadLotAsync(GateId gate, int max, bool withUnstarted, CancellationToken cancellationToken) =>
        _store.ReadLotAsync(gate, max, withUnstarted, cancellationToken);

    public Task<ParkedJob?> FindAsync(GateId gate, ParkedKey key, CancellationToken cancellationToken) =>
        _store.FindAsync(gate, key, cancellationToken);

    public Task<GateWrite?> TryWriteAsync(GateChange change, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _writes);
        return IsDown ? Task.FromException<GateWrite?>(new IOException("down")) : _store.TryWriteAsync(change, cancellationToken);
    }

    public Task<IReadOnlyList<ParkedJob>> ListAsync(
        GateId gate, ParkedKey from, ParkedKey? to, int max, CancellationToken cancellationToken) =>
        _store.ListAsync(gate, from, to, max, cancellationToken);

    public Task<bool> TryRemoveAsync(GateId gate, ParkedJob job, CancellationToken cancellationToken) =>
        _store.TryRemoveAsync(gate, job, cancellationToken);

    public Task<ParkResult> ParkAsync(GateId gate, IReadOnlyList<ParkedJob> jobs, CancellationToken cancellationToken) =>
        _store.ParkAsync(gate, jobs, cancellationToken);

    public Task AddDueAsync(DueGate due, CancellationToken cancellationToken) => _store.AddDueAsync(due, cancellationToken);

    public Task RemoveDueAsync(DueGate due, CancellationToken cancellationToken) => _store.RemoveDueAsync(due, cancellationToken);

    public Task<IReadOnlyList<DueGate>> ListDueAsync(DateTimeOffset until, int max, CancellationToken cancellationToken) =>
        _store.ListDueAsync(until, max, cancellationToken);
}
