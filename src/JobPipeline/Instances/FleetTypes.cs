using JobPipeline.Configuration;
using JobPipeline.Handlers;
using Microsoft.Extensions.Options;

namespace JobPipeline.Instances;

/// <summary>
/// The job types of the other instances, by their heartbeats. The rows are read on demand, for a type that this instance has no handler
/// for: once per heartbeat interval while another instance has one, and at most once a second while none has.
/// </summary>
internal sealed class FleetTypes : IDisposable
{
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(1);

    private readonly JobRegistry _registry;
    private readonly IInstanceStore? _store;
    private readonly WorkerIdentity _self;
    private readonly TimeProvider _time;
    private readonly TimeSpan _beat, _silence;
    private readonly DateTimeOffset _startedAt;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile FleetSnapshot? _snapshot;

    /// <param name="registry">The types of this instance.</param>
    /// <param name="store">Null: other instances are not known.</param>
    /// <param name="self">The name of this instance.</param>
    /// <param name="time">The clock.</param>
    /// <param name="instances">The heartbeat interval.</param>
    /// <param name="pipeline">The lease.</param>
    public FleetTypes(
        JobRegistry registry,
        IInstanceStore? store,
        WorkerIdentity self,
        TimeProvider time,
        IOptions<InstanceOptions> instances,
        IOptions<JobPipelineOptions> pipeline)
    {
        (_registry, _store, _self, _time) = (registry, store, self, time);
        (_beat, _silence) = (instances.Value.BeatInterval, instances.Value.SilenceOf(pipeline.Value.Lease));
        _startedAt = time.GetUtcNow();
    }

    /// <summary>Whether a handler for the type is registered here or on a living instance.</summary>
    public async ValueTask<bool> KnowsAsync(string type, CancellationToken cancellationToken) =>
        _registry.Find(type) is not null || (await ReadAsync(type, cancellationToken)).QueueOf(type, _time.GetUtcNow()) is not null;

    /// <summary>The queue of a type that a living instance had a handler for at the last read; null when none had.</summary>
    public string? QueueOf(string type) => _snapshot?.QueueOf(type, _time.GetUtcNow());

    /// <summary>Every instance on record, with whether it has a handler for a type that this instance has none for.</summary>
    public async ValueTask<IReadOnlyList<InstanceSpan>> SpansAsync(string type, CancellationToken cancellationToken)
    {
        var snapshot = await ReadAsync(type, cancellationToken);
        var now = _time.GetUtcNow();
        return [.. snapshot.SpansOf(type, now), new InstanceSpan(_startedAt, now, IsLiving: true, KnowsType: false)];
    }

    /// <summary>Why a job of the type can't run, with the nearest type of any instance.</summary>
    public string WhyUnknown(string type) => _registry.WhyUnknown(type, _snapshot?.Types ?? []);

    /// <summary>"Did you mean ...?", with the nearest type of any instance; empty where none is near.</summary>
    public string HintFor(string type) => _registry.HintFor(type, _snapshot?.Types ?? []);

    public void Dispose() => _turn.Dispose();

    private async ValueTask<FleetSnapshot> ReadAsync(string type, CancellationToken cancellationToken)
    {
        if (Fresh(type) is { } known)
            return known;
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (Fresh(type) is { } read)
                return read;
            var rows = _store is null ? [] : await _store.ListAsync(cancellationToken);
            return _snapshot = new FleetSnapshot(rows.Where(row => row.Name != _self.Name), _time.GetUtcNow(), _silence);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>
    /// The last snapshot while it is recent enough. "No instance has a handler" is acted on, so it has to be more recent.
    /// </summary>
    private FleetSnapshot? Fresh(string type)
    {
        if (_snapshot is not { } snapshot)
            return null;
        var now = _time.GetUtcNow();
        var isKnown = snapshot.SpansOf(type, now).Any(instance => instance is { IsLiving: true, KnowsType: not false });
        return now - snapshot.ReadAt < (isKnown ? _beat : ShortestInterval) ? snapshot : null;
    }
}
