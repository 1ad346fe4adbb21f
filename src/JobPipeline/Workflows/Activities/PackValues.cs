using JobPipeline.Workflows.Instances;

namespace JobPipeline.Workflows.Activities;

/// <summary>
/// The values of a workflow instance while a pack runs: what its items have in common is read once, their own values by one query
/// and in order, and their outputs are written together.
/// </summary>
internal sealed class PackValues(IWorkflowData data, StepPackInput pack) : ValuesInMemory(data), IAsyncDisposable
{
    private readonly Dictionary<WorkflowDataName, ReadOnlyMemory<byte>?> _read = [];
    private readonly Dictionary<WorkflowDataName, int> _items = pack.Items.ToDictionary(
        item => WorkflowDataName.Item(item.Run.Step, item.Run.Item), item => item.Run.Item!.Value);
    private readonly OutputBuffer _outputs = new(data, pack.First.Scope.Instance);
    private IAsyncEnumerator<(int Item, ReadOnlyMemory<byte> Value)>? _list;

    public override async Task<ReadOnlyMemory<byte>?> ReadAsync(string instance, WorkflowDataName name, CancellationToken cancellationToken)
    {
        if (_items.TryGetValue(name, out var item))
            return await ReadItemAsync(item) ?? await Stored.ReadAsync(instance, name, cancellationToken);
        if (!_read.TryGetValue(name, out var known))
            _read.Add(name, known = await Stored.ReadAsync(instance, name, cancellationToken));
        return known;
    }

    public override async Task<bool> TryWriteOutputAsync(
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

    /// <summary>Returns null for an item that was passed over already.</summary>
    private async Task<ReadOnlyMemory<byte>?> ReadItemAsync(int item)
    {
        _list ??= Stored
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
