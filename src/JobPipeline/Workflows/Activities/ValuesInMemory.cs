using JobPipeline.Workflows.Instances;

namespace JobPipeline.Workflows.Activities;

/// <summary>
/// The values of a workflow instance for work that keeps some of them in memory while it runs. What a derived class does not override
/// goes to the store.
/// </summary>
internal abstract class ValuesInMemory(IWorkflowData data) : IWorkflowData
{
    /// <summary>The stored values.</summary>
    protected IWorkflowData Stored { get; } = data;

    public abstract Task<ReadOnlyMemory<byte>?> ReadAsync(string instance, WorkflowDataName name, CancellationToken cancellationToken);

    public virtual Task<bool> TryWriteOutputAsync(
        string instance, WorkflowDataName name, long rank, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) =>
        Stored.TryWriteOutputAsync(instance, name, rank, value, cancellationToken);

    public Task WriteAsync(
        string instance,
        IReadOnlyCollection<KeyValuePair<WorkflowDataName, ReadOnlyMemory<byte>>> values,
        CancellationToken cancellationToken) => Stored.WriteAsync(instance, values, cancellationToken);

    public IAsyncEnumerable<(int Item, ReadOnlyMemory<byte> Value)> ReadItemsAsync(
        string instance, WorkflowDataName step, CancellationToken cancellationToken) =>
        Stored.ReadItemsAsync(instance, step, cancellationToken);

    public IAsyncEnumerable<string> ListChildrenAsync(string instance, CancellationToken cancellationToken) =>
        Stored.ListChildrenAsync(instance, cancellationToken);

    public Task RemoveAsync(string instance, CancellationToken cancellationToken) => Stored.RemoveAsync(instance, cancellationToken);
}
