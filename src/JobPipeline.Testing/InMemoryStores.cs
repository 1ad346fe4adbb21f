using System.Collections.Concurrent;
using System.Globalization;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Testing;

/// <summary>An in-memory store of payloads.</summary>
/// <param name="time">The clock for the times at which payloads are written. The default is the system clock.</param>
internal sealed class InMemoryPayloadStore(TimeProvider? time = null) : IPayloadStore
{
    private readonly ConcurrentDictionary<PayloadName, Content> _contents = new();
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    public Task WriteAsync(PayloadName name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        _contents[name] = new Content(content.ToArray(), _time.GetUtcNow());
        return Task.CompletedTask;
    }

    public Task<ReadOnlyMemory<byte>?> ReadAsync(PayloadName name, CancellationToken cancellationToken) =>
        // The cast is needed: without it, null would become empty content.
        Task.FromResult(_contents.TryGetValue(name, out var content) ? (ReadOnlyMemory<byte>?)content.Bytes : null);

    /// <summary>Returns the names of all payloads and when they were written, ordered by name.</summary>
    internal IReadOnlyList<(PayloadName Name, DateTimeOffset WrittenAt)> All() =>
        [.. _contents.Select(entry => (entry.Key, entry.Value.WrittenAt)).OrderBy(entry => entry.Key.Path, StringComparer.Ordinal)];

    internal bool TryRemove(PayloadName name) => _contents.TryRemove(name, out _);

    private sealed record Content(byte[] Bytes, DateTimeOffset WrittenAt);
}

/// <summary>An in-memory store of unique keys.</summary>
internal sealed class InMemoryUniqueKeyStore : IUniqueKeyStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Type, string Key), UniqueKey> _keys = [];
    private long _version;

    public Task<bool> TryPutAsync(UniqueKey key, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var slot = (key.Type, key.Key);
            if (_keys.GetValueOrDefault(slot)?.Version != key.Version)
                return Task.FromResult(false);
            _keys[slot] = key with { Version = $"{++_version}" };
            return Task.FromResult(true);
        }
    }

    public Task<UniqueKey?> ReadAsync(string type, string key, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_keys.GetValueOrDefault((type, key)));
        }
    }

    /// <summary>Removes the keys that expired before a time. Returns the number of removed keys.</summary>
    internal int RemoveExpired(DateTimeOffset now)
    {
        lock (_lock)
        {
            var expired = _keys.Where(entry => entry.Value.ExpiresAt < now).Select(entry => entry.Key).ToList();
            expired.ForEach(slot => _keys.Remove(slot));
            return expired.Count;
        }
    }
}

/// <summary>An in-memory store of dead letters.</summary>
internal sealed class InMemoryDeadLetterStore : IDeadLetterStore
{
    private const string FirstVersion = "1";

    private readonly ConcurrentDictionary<JobId, DeadLetter> _deadLetters = new();

    public Task AddAsync(DeadLetter deadLetter, CancellationToken cancellationToken)
    {
        _deadLetters.TryAdd(deadLetter.Id, deadLetter with { Version = FirstVersion });
        return Task.CompletedTask;
    }

    public Task<DeadLetter?> ReadAsync(JobId id, CancellationToken cancellationToken) =>
        Task.FromResult(_deadLetters.GetValueOrDefault(id));

    public Task<bool> TryWriteReplaysAsync(DeadLetter deadLetter, CancellationToken cancellationToken)
    {
        if (!_deadLetters.TryGetValue(deadLetter.Id, out var stored) || stored.Version != deadLetter.Version)
            return Task.FromResult(false);
        var replayed = stored with
        {
            Replays = [.. deadLetter.Replays.TakeLast(DeadLetter.MaxReplays)],
            Version = $"{int.Parse(stored.Version!, CultureInfo.InvariantCulture) + 1}",
        };
        return Task.FromResult(_deadLetters.TryUpdate(deadLetter.Id, replayed, stored));
    }

    public Task<DeadLetterPage> ListAsync(DeadLetterFilter filter, JobId? before, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, IDeadLetterStore.MaxLimit);
        var matches = _deadLetters.Values.Select(DeadLetterSummary.Of)
            .Where(deadLetter => (before is null || deadLetter.Id < before) && filter.Matches(deadLetter))
            .OrderByDescending(deadLetter => deadLetter.Id).Take(limit + 1).ToList();
        return Task.FromResult(matches.Count > limit
            ? new DeadLetterPage(matches[..limit], matches[limit - 1].Id)
            : new DeadLetterPage(matches, null));
    }

    public Task<bool> RemoveAsync(JobId id, CancellationToken cancellationToken) => Task.FromResult(TryRemove(id));

    /// <summary>Returns all dead letters, ordered by id, oldest first.</summary>
    public IReadOnlyList<DeadLetter> All() => [.. _deadLetters.Values.OrderBy(deadLetter => deadLetter.Id)];

    internal bool TryRemove(JobId id) => _deadLetters.TryRemove(id, out _);
}
