using System.Collections.Concurrent;
using System.Globalization;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Testing;

/// <summary>Payloads in memory.</summary>
/// <param name="time">Tells when a payload was written. Default: the system's.</param>
public sealed class InMemoryPayloadStore(TimeProvider? time = null) : IPayloadStore
{
    private readonly ConcurrentDictionary<PayloadName, Content> _contents = new();
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    public Task WriteAsync(PayloadName name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        _contents[name] = new Content(content.ToArray(), _time.GetUtcNow());
        return Task.CompletedTask;
    }

    public Task<ReadOnlyMemory<byte>?> ReadAsync(PayloadName name, CancellationToken cancellationToken) =>
        // The cast matters: without it the null would become an empty content.
        Task.FromResult(_contents.TryGetValue(name, out var content) ? (ReadOnlyMemory<byte>?)content.Bytes : null);

    /// <summary>What there is, and when it was written, in the order of the names.</summary>
    internal IReadOnlyList<(PayloadName Name, DateTimeOffset WrittenAt)> All() =>
        [.. _contents.Select(entry => (entry.Key, entry.Value.WrittenAt)).OrderBy(entry => entry.Key.Path, StringComparer.Ordinal)];

    internal bool TryRemove(PayloadName name) => _contents.TryRemove(name, out _);

    private sealed record Content(byte[] Bytes, DateTimeOffset WrittenAt);
}

/// <summary>Unique keys in memory.</summary>
public sealed class InMemoryUniqueKeyStore : IUniqueKeyStore
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

    /// <summary>Removes those that expired before that moment; returns how many.</summary>
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

/// <summary>Dead letters in memory.</summary>
public sealed class InMemoryDeadLetterStore : IDeadLetterStore
{
    private const string FirstVersion = "1";

    private readonly ConcurrentDictionary<JobId, DeadLetter> _letters = new();

    public Task AddAsync(DeadLetter letter, CancellationToken cancellationToken)
    {
        _letters.TryAdd(letter.Id, letter with { Version = FirstVersion });
        return Task.CompletedTask;
    }

    public Task<DeadLetter?> ReadAsync(JobId id, CancellationToken cancellationToken) => Task.FromResult(_letters.GetValueOrDefault(id));

    public Task<bool> TryWriteReplaysAsync(DeadLetter letter, CancellationToken cancellationToken) => Task.FromResult(
        _letters.TryGetValue(letter.Id, out var stored)
        && stored.Version == letter.Version
        && _letters.TryUpdate(letter.Id, stored with { Replays = [.. letter.Replays.TakeLast(DeadLetter.MaxReplays)], Version = $"{int.Parse(stored.Version!, CultureInfo.InvariantCulture) + 1}" }, stored));

    public Task<DeadLetterPage> ListAsync(DeadLetterFilter filter, JobId? before, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, IDeadLetterStore.MaxLimit);
        var matches = _letters.Values.Select(DeadLetterSummary.Of)
            .Where(letter => (before is null || letter.Id < before) && filter.Matches(letter))
            .OrderByDescending(letter => letter.Id).Take(limit + 1).ToList();
        return Task.FromResult(matches.Count > limit ? new DeadLetterPage(matches[..limit], matches[limit - 1].Id) : new DeadLetterPage(matches, null));
    }

    public Task<bool> RemoveAsync(JobId id, CancellationToken cancellationToken) => Task.FromResult(TryRemove(id));

    /// <summary>All of them, oldest id first.</summary>
    public IReadOnlyList<DeadLetter> All() => [.. _letters.Values.OrderBy(letter => letter.Id)];

    internal bool TryRemove(JobId id) => _letters.TryRemove(id, out _);
}
