using System.Collections.Concurrent;
using JobPipeline.Limits.Lots;
using JobPipeline.Limits.Meters;

namespace JobPipeline.Limits.Local;

/// <summary>The gates that this instance has to do with.</summary>
internal sealed class LocalGates(LocalGateServices services) : IDisposable
{
    /// <summary>The maximum number of gates that one look at the due index runs a turn of.</summary>
    private const int MaxDue = 100;

    /// <summary>The maximum number of gates that are forgotten at a time: each may cost an operation.</summary>
    private const int MaxRetired = 100;

    /// <summary>The time between two looks at the due index of an instance that has nothing to do with gates.</summary>
    private static readonly TimeSpan RareLook = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, LocalGate> _gates = new(StringComparer.Ordinal);
    private DateTimeOffset _lookedAt;

    public LocalGate Of(GateId id)
    {
        while (true)
        {
            if (_gates.TryGetValue(id.Partition, out var known))
                return known;
            var added = Create(id);
            if (_gates.TryAdd(id.Partition, added))
                return added;
            added.Dispose();
        }
    }

    /// <summary>
    /// Runs the release turns that are due, whichever instance parked the jobs, and forgets gates that nothing happens at. Returns the
    /// number of turns.
    /// </summary>
    public async Task<int> RunDueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var retired = 0;
        foreach (var (partition, gate) in _gates)
        {
            if (retired >= MaxRetired || !gate.TryRetire())
                continue;
            _gates.TryRemove(new KeyValuePair<string, LocalGate>(partition, gate));
            retired++;
            await gate.RemoveMeterAsync();
        }

        if (_gates.IsEmpty && !services.UsesLimits && now - _lookedAt < RareLook)
            return 0;
        _lookedAt = now;
        var due = await services.Store.ListDueAsync(now, MaxDue, cancellationToken);
        await Task.WhenAll(due.Select(RunAsync));
        return due.Count;
    }

    public void Dispose()
    {
        foreach (var gate in _gates.Values)
            gate.Dispose();
    }

    /// <summary>Its timer must not keep the context of the handler that asked first, nor run in it.</summary>
    private LocalGate Create(GateId id)
    {
        if (ExecutionContext.IsFlowSuppressed())
            return new LocalGate(id, services);
        using var suppressed = ExecutionContext.SuppressFlow();
        return new LocalGate(id, services);
    }

    private async Task RunAsync(DueGate due)
    {
        var gate = Of(due.Gate);
        await gate.TurnAsync();
        if (gate.Meter.TurnDue != due.At)
            await services.Store.RemoveDueAsync(due, CancellationToken.None);
    }
}
