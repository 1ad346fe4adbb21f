using JobPipeline.Workflows.Instances;

namespace JobPipeline.Tests.Interleavings.Workflows;

/// <summary>Deliberate defects of the runner's protocol.</summary>
public enum FlowMutation
{
    None,
    EffectsBeforeSave,
    EventsAcknowledgedAtReceipt,
    NoReloadOnConflict,
    OutboxNotResent,
    ResultEventBeforeOutput,
    LateOutputOverwrites,

    /// <summary>A save drops the effects that another process has saved and may not have sent.</summary>
    OutboxOfOthersDropped,

    /// <summary>The receipt of a message that was sent hidden is taken for its first delivery.</summary>
    SentHiddenForgotten,

    /// <summary>What this process wrote last is taken for what is stored, also where that is the reason to ignore an event.</summary>
    MemorySaysNo,
}

/// <summary>An actor's view of the workflow instances, with the defect of the mutation.</summary>
internal sealed class MutatedWorkflowStore(IWorkflowStore inner, FlowMutation mutation) : IWorkflowStore
{
    private const string Pending = "pending";

    private readonly Dictionary<string, WorkflowInstance> _pending = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WorkflowInstance> _written = new(StringComparer.Ordinal);

    public async Task<WorkflowInstance?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        if (mutation == FlowMutation.MemorySaysNo && _written.TryGetValue(id, out var written))
            return written;
        var read = await inner.ReadAsync(id, cancellationToken);
        return mutation == FlowMutation.OutboxNotResent && read is not null ? read with { Outbox = [] } : read;
    }

    public async Task<string?> TryWriteAsync(WorkflowInstance instance, CancellationToken cancellationToken)
    {
        if (mutation == FlowMutation.EffectsBeforeSave && instance is { Version: not null, Outbox.Count: > 0 })
        {
            _pending[instance.Id] = instance;
            return Pending;
        }

        if (instance.Version == Pending && _pending.Remove(instance.Id, out var held))
            return await inner.TryWriteAsync(instance with { Version = held.Version }, cancellationToken);
        if (mutation == FlowMutation.OutboxOfOthersDropped && instance.Version is not null)
            instance = WithoutOthers(instance, await inner.ReadAsync(instance.Id, cancellationToken));
        if (mutation == FlowMutation.MemorySaysNo)
        {
            var version = await inner.TryWriteAsync(instance, cancellationToken);
            _written.Remove(instance.Id);
            if (version is not null)
                _written[instance.Id] = instance with { Version = version, Outputs = [] };
            return version;
        }

        if (mutation == FlowMutation.NoReloadOnConflict && instance.Version is not null)
            instance = instance with { Version = (await inner.ReadAsync(instance.Id, cancellationToken))?.Version };
        return await inner.TryWriteAsync(instance, cancellationToken);
    }

    /// <summary>Drops the effects that were stored before, unless this write is the one that drops them anyway.</summary>
    private static WorkflowInstance WithoutOthers(WorkflowInstance instance, WorkflowInstance? stored)
    {
        var others = stored?.OutboxSaves.Select(save => save.Id).ToHashSet(StringComparer.Ordinal) ?? [];
        var saves = instance.OutboxSaves.SelectMany(save => Enumerable.Repeat(save, save.Count)).ToArray();
        var kept = instance.Outbox.Where((_, i) => i >= saves.Length || !others.Contains(saves[i].Id));
        return instance with { Outbox = [.. kept], OutboxSaves = [.. instance.OutboxSaves.Where(save => !others.Contains(save.Id))] };
    }

    public Task<WorkflowPage> ListAsync(WorkflowFilter filter, string? cursor, int limit, CancellationToken cancellationToken) =>
        inner.ListAsync(filter, cursor, limit, cancellationToken);

    public Task<bool> RemoveAsync(string id, CancellationToken cancellationToken) => inner.RemoveAsync(id, cancellationToken);

    public Task RemoveListingAsync(WorkflowSummary listed, CancellationToken cancellationToken) =>
        inner.RemoveListingAsync(listed, cancellationToken);
}

/// <summary>An actor's view of the workflow data, with the defect of the mutation.</summary>
internal sealed class MutatedWorkflowData(IWorkflowData inner, FlowMutation mutation) : IWorkflowData
{
    private readonly List<Func<Task>> _held = [];

    public Task WriteAsync(
        string instance,
        IReadOnlyCollection<KeyValuePair<WorkflowDataName, ReadOnlyMemory<byte>>> values,
        CancellationToken cancellationToken
    ) => inner.WriteAsync(instance, values, cancellationToken);

    public async Task<bool> TryWriteOutputAsync(
        string instance,
        WorkflowDataName name,
        long rank,
        ReadOnlyMemory<byte> value,
        CancellationToken cancellationToken)
    {
        if (mutation == FlowMutation.ResultEventBeforeOutput)
        {
            _held.Add(() => inner.TryWriteOutputAsync(instance, name, rank, value, cancellationToken));
            return true;
        }

        if (mutation != FlowMutation.LateOutputOverwrites)
            return await inner.TryWriteOutputAsync(instance, name, rank, value, cancellationToken);
        await inner.WriteAsync(instance, [KeyValuePair.Create(name, value)], cancellationToken);
        return true;
    }

    public Task<ReadOnlyMemory<byte>?> ReadAsync(string instance, WorkflowDataName name, CancellationToken cancellationToken) =>
        inner.ReadAsync(instance, name, cancellationToken);

    public IAsyncEnumerable<(int Item, ReadOnlyMemory<byte> Value)> ReadItemsAsync(
        string instance,
        WorkflowDataName step,
        CancellationToken cancellationToken
    ) => inner.ReadItemsAsync(instance, step, cancellationToken);

    public IAsyncEnumerable<string> ListChildrenAsync(string instance, CancellationToken cancellationToken) =>
        inner.ListChildrenAsync(instance, cancellationToken);

    public Task RemoveAsync(string instance, CancellationToken cancellationToken) => inner.RemoveAsync(instance, cancellationToken);

    /// <summary>Performs the delayed writes.</summary>
    public async Task FlushAsync()
    {
        var held = _held.ToArray();
        _held.Clear();
        foreach (var write in held)
            await write();
    }
}
