using JobPipeline.Workflows.Instances;

namespace JobPipeline.Workflows.Activities;

/// <summary>
/// The values of a workflow instance while a pack runs: what its items have in common is read once, their own values by one query
/// and in order, and their outputs are written together.
/// </summary>
internal sealed class PackValues(IWorkflowData data, StepPackInput pack) : IWorkflowData, IAsyncDisposable
{
    private readonly Dictionary<WorkflowDataName, ReadOnlyMemory<byte>?> _read = [];
    private readonly Dictionary<WorkflowDataName, int> _items = pack.Items.ToDictionary(
        item => WorkflowDataName.Item(item.Run.Step, item.Run.Item), item => item.Run.Item!.Value);
    private readonly OutputBuffer _outputs = new(data, pack.First.Scope.Instance);
    private IAsyncEnumerator<(int Item, ReadOnlyMemory<byte> Value)>? _list;

    public async Task<ReadOnlyMemory<byte>?> ReadAsync(string instance, WorkflowDataName name, CancellationToken cancellationToken)
    {
        if (_items.TryGetValue(name, out var item))
            return await ReadItemAsync(item) ?? await data.ReadAsync(instance, name, cancellationToken);
        if (!_read.TryGetValue(name, out var known))
            _read.Add(name, known = await data.ReadAsync(instance, name, cancellationToken));
        return known;
    }

    public async Task<bool> TryWriteOutputAsync(
        string instance, WorkflowDataName name, long rank, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        await _outputs.AddAsync(new StepOutput(name, rank, value));
        return true;
    }

    /// <summary>Writes the outputs. No ending may be reported before.</summary>
    public Task FlushAsync() => _outputs.FlushAsync();

    public async ValueTask DisposeAsync()
    {
        if (_list is not null)
            await _list.DisposeAsync();
    }

    public Task WriteAsync(
        string instance,
        IReadOnlyCollection<KeyValuePair<WorkflowDataName, ReadOnlyMemory<byte>>> values,
        CancellationToken cancellationToken) => data.WriteAsync(instance, values, cancellationToken);

    public IAsyncEnumerable<(int Item, ReadOnlyMemory<byte> Value)> ReadItemsAsync(
        string instance, WorkflowDataName step, CancellationToken cancellationToken) =>
        data.ReadItemsAsync(instance, step, cancellationToken);

    public IAsyncEnumerable<string> ListChildrenAsync(string instance, CancellationToken cancellationToken) =>
        data.ListChildrenAsync(instance, cancellationToken);

    public Task RemoveAsync(string instance, CancellationToken cancellationToken) => data.RemoveAsync(instance, cancellationToken);

    /// <summary>Returns null for an item that was passed over already.</summary>
    private async Task<ReadOnlyMemory<byte>?> ReadItemAsync(int item)
    {
        _list ??= data
            .ReadListAsync(pack.First.Scope.Instance, pack.First.Run.Step, _items.Values.Min(), _items.Values.Max(), CancellationToken.None)
            .GetAsyncEnumerator(CancellationToken.None);
        while (await _list.MoveNextAsync())
        {
            if (_list.Current.Item == item)
                return _list.Current.Value;
            if (_list.Current.Item > item)
                break;
        }

        return null;
    }
}
