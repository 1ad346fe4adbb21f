using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using JobPipeline.Workflows.Instances;

namespace JobPipeline.Testing;

/// <summary>An in-memory store of workflow instances.</summary>
/// <param name="data">Where the outputs are stored that are written with an instance.</param>
internal sealed class InMemoryWorkflowStore(InMemoryWorkflowData data) : IWorkflowStore
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
            foreach (var output in instance.Outputs)
                data.WriteOutput(instance.Id, output);
            _instances[instance.Id] = instance with { Version = version, Outputs = [] };
            return Task.FromResult<string?>(version);
        }
    }

    public Task<WorkflowPage> ListAsync(WorkflowFilter filter, string? cursor, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, IWorkflowStore.MaxLimit);
        if (cursor is not null && !cursor.Contains('-', StringComparison.Ordinal))
            throw new FormatException("The cursor is not one that a list returned.");
        lock (_lock)
        {
            var matches = _instances.Values.Select(WorkflowSummary.Of).Where(filter.Matches)
                .Where(instance => cursor is null || string.CompareOrdinal(KeyOf(instance), cursor) > 0)
                .OrderBy(KeyOf, StringComparer.Ordinal).Take(limit + 1).ToList();
            return Task.FromResult(new WorkflowPage([.. matches.Take(limit)], matches.Count > limit ? KeyOf(matches[limit - 1]) : null));
        }
    }

    public Task RemoveListingAsync(WorkflowSummary listed, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<bool> RemoveAsync(string id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_instances.Remove(id));
        }
    }

    /// <summary>Returns a key that orders workflow instances by creation, newest first.</summary>
    private static string KeyOf(WorkflowSummary instance) =>
        $"{DateTimeOffset.MaxValue.Ticks - instance.CreatedAt.UtcTicks:d19}-{instance.Id}";
}

/// <summary>An in-memory store of the inputs and outputs of workflow instances.</summary>
internal sealed class InMemoryWorkflowData : IWorkflowData
{
    private readonly ConcurrentDictionary<(string Instance, string Key), (long Rank, byte[] Value)> _values = new();

    public Task WriteAsync(
        string instance,
        IReadOnlyCollection<KeyValuePair<WorkflowDataName, ReadOnlyMemory<byte>>> values,
        CancellationToken cancellationToken)
    {
        foreach (var (name, value) in values)
            ThrowIfTooLarge(instance, name, value);
        foreach (var (name, value) in values)
            _values[(instance, name.Key)] = (0, value.ToArray());
        return Task.CompletedTask;
    }

    /// <summary>Writes an output that is known to count.</summary>
    public void WriteOutput(string instance, StepOutput output)
    {
        ThrowIfTooLarge(instance, output.Name, output.Value);
        _values[(instance, output.Name.Key)] = (output.Rank, output.Value.ToArray());
    }

    public Task<bool> TryWriteOutputAsync(
        string instance, WorkflowDataName name, long rank, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        ThrowIfTooLarge(instance, name, value);
        var written = (rank, value.ToArray());
        var stored = _values.AddOrUpdate((instance, name.Key), written, (_, existing) => existing.Rank > rank ? existing : written);
        return Task.FromResult(stored == written);
    }

    public Task<ReadOnlyMemory<byte>?> ReadAsync(string instance, WorkflowDataName name, CancellationToken cancellationToken) =>
        Task.FromResult(_values.TryGetValue((instance, name.Key), out var kept) ? (ReadOnlyMemory<byte>?)kept.Value : null);

    public async IAsyncEnumerable<(int Item, ReadOnlyMemory<byte> Value)> ReadItemsAsync(
        string instance, WorkflowDataName step, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        var prefix = step.Key + "!";
        var items = _values
            .Where(entry => entry.Key.Instance == instance && entry.Key.Key.StartsWith(prefix, StringComparison.Ordinal))
            .OrderBy(entry => entry.Key.Key, StringComparer.Ordinal);
        foreach (var ((_, key), (_, value)) in items)
            yield return (int.Parse(key.AsSpan(prefix.Length), provider: null), value);
    }

    public async IAsyncEnumerable<string> ListChildrenAsync(string instance, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        var prefix = WorkflowDataName.Child("").Key;
        var children = _values.Keys
            .Where(key => key.Instance == instance && key.Key.StartsWith(prefix, StringComparison.Ordinal));
        foreach (var (_, key) in children)
            yield return key[prefix.Length..];
    }

    public Task RemoveAsync(string instance, CancellationToken cancellationToken)
    {
        foreach (var key in _values.Keys.Where(key => key.Instance == instance))
            _values.TryRemove(key, out _);
        return Task.CompletedTask;
    }

    private static void ThrowIfTooLarge(string instance, WorkflowDataName name, ReadOnlyMemory<byte> value)
    {
        if (value.Length > IWorkflowData.MaxBytes)
        {
            throw new ArgumentException(
                $"The value '{name}' of workflow {instance} has {value.Length} bytes; at most {IWorkflowData.MaxBytes} are accepted.",
                nameof(value));
        }
    }
}

/// <summary>An in-memory store of the claims of strands and of requests.</summary>
internal sealed class InMemoryStrandStore(IWorkflowStore instances) : IStrandStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Instance, string Strand), StrandClaim> _claims = [];
    private readonly Dictionary<string, IReadOnlyList<string>> _requests = new(StringComparer.Ordinal);
    private long _version;

    public Task<StrandClaim?> ReadAsync(string instance, string strand, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_claims.GetValueOrDefault((instance, strand)));
        }
    }

    public Task<string?> TryWriteAsync(string instance, string strand, StrandClaim claim, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_claims.GetValueOrDefault((instance, strand))?.Version != claim.Version)
                return Task.FromResult<string?>(null);
            var version = $"{++_version}";
            _claims[(instance, strand)] = claim with { Version = version };
            return Task.FromResult<string?>(version);
        }
    }

    public async Task NoteRequestAsync(
        string instance, string request, IReadOnlyCollection<string> known, CancellationToken cancellationToken)
    {
        if (await instances.ReadAsync(instance, cancellationToken) is null)
            return;
        lock (_lock)
            _requests[instance] = StrandClaim.Note(_requests.GetValueOrDefault(instance, []), request, known);
    }

    public Task<IReadOnlyList<string>> ReadRequestsAsync(string instance, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_requests.GetValueOrDefault(instance, []));
        }
    }
}
