using System.Globalization;
using JobPipeline.Limits.Lots;
using JobPipeline.Limits.Meters;

namespace JobPipeline.Testing;

/// <summary>An in-memory store of gates.</summary>
internal sealed class InMemoryLimitStore : ILimitStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Gate> _gates = new(StringComparer.Ordinal);
    private readonly SortedSet<(DateTimeOffset At, string Partition, GateId Gate)> _due = new(DueOrder);
    private long _version, _operations;

    private static Comparer<(DateTimeOffset At, string Partition, GateId Gate)> DueOrder { get; } =
        Comparer<(DateTimeOffset At, string Partition, GateId Gate)>.Create(static (a, b) =>
            a.At != b.At ? a.At.CompareTo(b.At) : string.CompareOrdinal(a.Partition, b.Partition));

    /// <summary>The number of operations so far, except looks at the due index.</summary>
    public long Operations => Interlocked.Read(ref _operations);

    /// <summary>The time of the first entry of the due index; null if it is empty.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            lock (_lock)
                return _due.Count > 0 ? _due.Min.At : null;
        }
    }

    public Task<Meter> ReadMeterAsync(GateId gate, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _operations);
        lock (_lock)
            return Task.FromResult(Of(gate).Meter ?? Meter.Fresh);
    }

    public Task<Lot> ReadLotAsync(GateId gate, int max, bool withUnstarted, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _operations);
        lock (_lock)
        {
            var stored = Of(gate);
            var waiting = stored.Rows.Values.Where(row => !row.IsGranted).Take(max);
            var unstarted = withUnstarted ? stored.Rows.Values.Where(row => row.IsGranted).Take(max) : [];
            return Task.FromResult(new Lot(stored.Meter ?? Meter.Fresh, stored.Lot, [.. waiting], [.. unstarted]));
        }
    }

    public Task<ParkedJob?> FindAsync(GateId gate, ParkedKey key, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _operations);
        lock (_lock)
            return Task.FromResult(Of(gate).Rows.GetValueOrDefault(key.Text));
    }

    public Task<IReadOnlyList<ParkedJob>> ListAsync(
        GateId gate, ParkedKey from, ParkedKey? to, int max, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _operations);
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<ParkedJob>>(
            [
                .. Of(gate).Rows.Values
                    .Where(row => string.CompareOrdinal(row.Key.Text, from.Text) >= 0)
                    .TakeWhile(row => to is null || string.CompareOrdinal(row.Key.Text, to.Value.Text) < 0)
                    .Take(max)
                    .Select(row => row with { Body = default }),
            ]);
        }
    }

    public Task<bool> TryRemoveAsync(GateId gate, ParkedJob job, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _operations);
        lock (_lock)
        {
            var rows = Of(gate).Rows;
            return Task.FromResult(rows.GetValueOrDefault(job.Key.Text)?.Version == job.Version && rows.Remove(job.Key.Text));
        }
    }

    public Task<GateWrite?> TryWriteAsync(GateChange change, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _operations);
        lock (_lock)
        {
            var gate = Of(change.Gate);
            if (!Applies(gate, change))
                return Task.FromResult<GateWrite?>(null);
            foreach (var row in change.Removed)
                gate.Rows.Remove(row.Key.Text);
            var changed = change.Changed.Concat(change.Added).Select(row => row with { Version = NextVersion() }).ToList();
            foreach (var row in changed)
                gate.Rows[row.Key.Text] = row;
            if (change.OpensLot)
                gate.Lot = NextVersion();
            if (change.ClosesLot is not null)
                gate.Lot = null;
            gate.Meter = change.RemovesMeter ? null : change.Meter with { Version = NextVersion() };
            return Task.FromResult<GateWrite?>(new GateWrite(gate.Meter ?? Meter.Fresh, changed));
        }
    }

    public Task<ParkResult> ParkAsync(GateId gate, IReadOnlyList<ParkedJob> jobs, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _operations);
        lock (_lock)
        {
            var stored = Of(gate);
            if (stored.Lot is null)
                return Task.FromResult(ParkResult.NoLot);
            if (jobs.Any(job => stored.Rows.ContainsKey(job.Key.Text)))
                return Task.FromResult(ParkResult.Exists);
            foreach (var job in jobs)
                stored.Rows[job.Key.Text] = job with { Version = NextVersion() };
            stored.Lot = NextVersion();
            return Task.FromResult(ParkResult.Parked);
        }
    }

    public Task AddDueAsync(DueGate due, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _operations);
        lock (_lock)
            _due.Add((due.At, due.Gate.Partition, due.Gate));
        return Task.CompletedTask;
    }

    public Task RemoveDueAsync(DueGate due, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _operations);
        lock (_lock)
            _due.Remove((due.At, due.Gate.Partition, due.Gate));
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<DueGate>> ListDueAsync(DateTimeOffset until, int max, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<DueGate>>(
                [.. _due.TakeWhile(due => due.At <= until).Take(max).Select(due => new DueGate(due.Gate, due.At))]);
        }
    }

    private static bool Applies(Gate gate, GateChange change) =>
        gate.Meter?.Version == change.Meter.Version
        && !(change.OpensLot && gate.Lot is not null)
        && (change.ClosesLot is null || gate.Lot == change.ClosesLot)
        && !change.Added.Any(row => gate.Rows.ContainsKey(row.Key.Text))
        && change.Changed.Concat(change.Removed).All(row => gate.Rows.GetValueOrDefault(row.Key.Text)?.Version == row.Version);

    private Gate Of(GateId id)
    {
        if (!_gates.TryGetValue(id.Partition, out var gate))
            _gates[id.Partition] = gate = new Gate();
        return gate;
    }

    private string NextVersion() => (++_version).ToString(CultureInfo.InvariantCulture);

    private sealed class Gate
    {
        public Meter? Meter { get; set; }

        public string? Lot { get; set; }

        public SortedDictionary<string, ParkedJob> Rows { get; } = new(StringComparer.Ordinal);
    }
}
