using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using JobPipeline.Workflows.Running;

namespace JobPipeline.Testing;

/// <summary>Workflow instances in memory.</summary>
public sealed class InMemoryWorkflowStore : IWorkflowStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, WorkflowInstance> _instances = new(StringComparer.Ordinal);
    private long _version;

    public Task<WorkflowInstance?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_instances.GetValueOrDefault(id));
        }
    }

    public Task<string?> TryWriteAsync(WorkflowInstance instance, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_instances.GetValueOrDefault(instance.Id)?.Version != instance.Version)
                return Task.FromResult<string?>(null);
            var version = $"{++_version}";
            _instances[instance.Id] = instance with { Version = version };
            return Task.FromResult<string?>(version);
        }
    }

    public Task<WorkflowPage> ListAsync(WorkflowFilter filter, string? cursor, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, IWorkflowStore.MaxLimit);
        lock (_lock)
        {
            var start = cursor is null ? 0 : int.Parse(cursor, provider: null);
            var matches = _instances.Values.Select(WorkflowSummary.Of).Where(filter.Matches)
                .OrderByDescending(instance => instance.CreatedAt).ThenBy(instance => instance.Id, StringComparer.Ordinal).Skip(start).Take(limit + 1).ToList();
            return Task.FromResult(new WorkflowPage([.. matches.Take(limit)], matches.Count > limit ? $"{start + limit}" : null));
        }
    }

    public Task<bool> RemoveAsync(string id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_instances.Remove(id));
        }
    }
}

/// <summary>What workflow instances were given and made, in memory.</summary>
public sealed class InMemoryWorkflowData : IWorkflowData
{
    private readonly ConcurrentDictionary<(string Instance, string Key), byte[]> _values = new();

    public Task WriteAsync(string instance, IReadOnlyCollection<KeyValuePair<WorkflowDataName, ReadOnlyMemory<byte>>> values, CancellationToken cancellationToken)
    {
        if (values.FirstOrDefault(entry => entry.Value.Length > IWorkflowData.MaxBytes) is { Value.Length: > 0 } large)
            throw new ArgumentException($"The value '{large.Key}' of workflow {instance} has {large.Value.Length} bytes; at most {IWorkflowData.MaxBytes} are kept.", nameof(values));
        foreach (var (name, value) in values)
            _values[(instance, name.Key)] = value.ToArray();
        return Task.CompletedTask;
    }

    public Task<ReadOnlyMemory<byte>?> ReadAsync(string instance, WorkflowDataName name, CancellationToken cancellationToken) =>
        Task.FromResult(_values.TryGetValue((instance, name.Key), out var value) ? (ReadOnlyMemory<byte>?)value : null);

    public async IAsyncEnumerable<(int Item, ReadOnlyMemory<byte> Value)> ReadItemsAsync(
        string instance, WorkflowDataName step, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        var prefix = step.Key + "!";
        foreach (var ((_, key), value) in _values.Where(entry => entry.Key.Instance == instance && entry.Key.Key.StartsWith(prefix, StringComparison.Ordinal)).OrderBy(entry => entry.Key.Key, StringComparer.Ordinal))
            yield return (int.Parse(key.AsSpan(prefix.Length), provider: null), value);
    }

    public Task RemoveAsync(string instance, CancellationToken cancellationToken)
    {
        foreach (var key in _values.Keys.Where(key => key.Instance == instance))
            _values.TryRemove(key, out _);
        return Task.CompletedTask;
    }
}
