using System.Collections.Concurrent;
using System.Globalization;
using JobPipeline.Instances;
using JobPipeline.Limits.Pauses;
using JobPipeline.Maintenance;

namespace JobPipeline.Testing;

/// <summary>An in-memory store of pauses.</summary>
internal sealed class InMemoryPauseStore : IPauseStore
{
    private readonly ConcurrentDictionary<(PauseTarget Target, string Name), Pause> _pauses = new();

    public Task PutAsync(Pause pause, CancellationToken cancellationToken)
    {
        _pauses[(pause.Target, pause.Name)] = pause;
        return Task.CompletedTask;
    }

    public Task RemoveAsync(PauseTarget target, string name, CancellationToken cancellationToken)
    {
        _pauses.TryRemove((target, name), out _);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<Pause>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Pause>>([.. _pauses.Values]);
}

/// <summary>An in-memory store of instances.</summary>
internal sealed class InMemoryInstanceStore : IInstanceStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Instance> _instances = new(StringComparer.Ordinal);
    private long _version;

    public Task PutAsync(Instance instance, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _instances[instance.Name] = instance with { Version = NextVersion() };
            return Task.CompletedTask;
        }
    }

    public Task<string?> TryReplaceAsync(Instance instance, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!IsStored(instance))
                return Task.FromResult<string?>(null);
            return Task.FromResult((_instances[instance.Name] = instance with { Version = NextVersion() }).Version);
        }
    }

    public Task<bool> TryRemoveAsync(Instance instance, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(IsStored(instance) && _instances.Remove(instance.Name));
        }
    }

    public Task<IReadOnlyList<Instance>> ListAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<Instance>>([.. _instances.Values]);
        }
    }

    private bool IsStored(Instance instance) =>
        _instances.TryGetValue(instance.Name, out var stored) && stored.Version == instance.Version;

    private string NextVersion() => (++_version).ToString(CultureInfo.InvariantCulture);
}

/// <summary>An in-memory record of a sweep's progress.</summary>
internal sealed class InMemorySweepLedger : ISweepLedger
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(DateTimeOffset From, string Kind, DateTimeOffset DueAt), SweepLeftover> _leftovers = [];
    private SweepWatermark? _watermark;
    private long _version;

    public Task<SweepWatermark?> ReadAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_watermark);
        }
    }

    public Task<string?> TryWriteAsync(SweepWatermark watermark, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_watermark?.Version != watermark.Version)
                return Task.FromResult<string?>(null);
            _watermark = watermark with { Version = (++_version).ToString(CultureInfo.InvariantCulture) };
            return Task.FromResult<string?>(_watermark.Version);
        }
    }

    public Task PutLeftoverAsync(SweepLeftover leftover, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _leftovers[Key(leftover)] = leftover;
            return Task.CompletedTask;
        }
    }

    public Task RemoveLeftoverAsync(SweepLeftover leftover, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _leftovers.Remove(Key(leftover));
            return Task.CompletedTask;
        }
    }

    public Task<IReadOnlyList<SweepLeftover>> ListDueAsync(DateTimeOffset now, int max, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var due = _leftovers.Values.Where(leftover => leftover.DueAt <= now).OrderBy(leftover => leftover.DueAt).Take(max);
            return Task.FromResult<IReadOnlyList<SweepLeftover>>([.. due]);
        }
    }

    private static (DateTimeOffset From, string Kind, DateTimeOffset DueAt) Key(SweepLeftover leftover) =>
        (leftover.Place.From, leftover.Place.Kind, leftover.DueAt);
}
