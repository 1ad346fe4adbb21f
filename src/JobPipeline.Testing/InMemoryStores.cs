using System.Collections.Concurrent;
using JobPipeline.Failures;
using JobPipeline.Jobs;

namespace JobPipeline.Testing;

/// <summary>Payloads in memory.</summary>
public sealed class InMemoryPayloadStore : IPayloadStore
{
    private readonly ConcurrentDictionary<PayloadName, byte[]> _contents = new();

    public Task WriteAsync(PayloadName name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        _contents[name] = content.ToArray();
        return Task.CompletedTask;
    }

    public Task<ReadOnlyMemory<byte>?> ReadAsync(PayloadName name, CancellationToken cancellationToken) =>
        // Not a plain null: the compiler would take it for an empty array, and that for memory that is there.
        Task.FromResult(_contents.TryGetValue(name, out var content) ? content : default(ReadOnlyMemory<byte>?));
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
}

/// <summary>Dead letters in memory.</summary>
public sealed class InMemoryDeadLetterStore : IDeadLetterStore
{
    private readonly ConcurrentDictionary<JobId, DeadLetter> _letters = new();

    public Task WriteAsync(DeadLetter letter, CancellationToken cancellationToken)
    {
        _letters[letter.Id] = letter;
        return Task.CompletedTask;
    }

    public Task<DeadLetter?> ReadAsync(JobId id, CancellationToken cancellationToken) => Task.FromResult(_letters.GetValueOrDefault(id));

    public Task<IReadOnlyList<DeadLetter>> ListAsync(int max, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<DeadLetter>>([.. _letters.Values.OrderByDescending(letter => letter.Id).Take(max)]);
}
