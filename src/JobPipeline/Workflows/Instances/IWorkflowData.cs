using System.Runtime.CompilerServices;

namespace JobPipeline.Workflows.Instances;

/// <summary>
/// Stores the inputs and outputs of workflow instances: values by name (<see cref="WorkflowDataName"/>), each in UTF-8 JSON.
/// </summary>
internal interface IWorkflowData
{
    /// <summary>The maximum size of a value, in bytes.</summary>
    const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>Writes or overwrites values of one workflow instance, batching many into one operation.</summary>
    /// <exception cref="ArgumentException">A value has more than <see cref="MaxBytes"/> bytes.</exception>
    Task WriteAsync(
        string instance,
        IReadOnlyCollection<KeyValuePair<WorkflowDataName, ReadOnlyMemory<byte>>> values,
        CancellationToken cancellationToken);

    /// <summary>
    /// Writes the output of an attempt, unless that of a later attempt is stored: if two attempts both believe to be current, the
    /// later one is. Returns false, without a change, if the output of a later attempt is stored.
    /// </summary>
    /// <param name="instance">The id of the workflow instance.</param>
    /// <param name="name">The name of the output.</param>
    /// <param name="rank">The rank of the attempt; higher for a later attempt.</param>
    /// <param name="value">The value in UTF-8 JSON.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <exception cref="ArgumentException">The value has more than <see cref="MaxBytes"/> bytes.</exception>
    Task<bool> TryWriteOutputAsync(
        string instance, WorkflowDataName name, long rank, ReadOnlyMemory<byte> value, CancellationToken cancellationToken);

    /// <summary>
    /// Writes outputs of one workflow instance like <see cref="TryWriteOutputAsync"/>, many in one operation if possible.
    /// </summary>
    async Task WriteOutputsAsync(string instance, IReadOnlyCollection<StepOutput> outputs, CancellationToken cancellationToken)
    {
        foreach (var output in outputs)
            await TryWriteOutputAsync(instance, output.Name, output.Rank, output.Value, cancellationToken);
    }

    /// <summary>Reads a value; null if it does not exist.</summary>
    Task<ReadOnlyMemory<byte>?> ReadAsync(string instance, WorkflowDataName name, CancellationToken cancellationToken);

    /// <summary>Reads the values of a fan-out's items, with their indexes, in order. Missing values are skipped.</summary>
    IAsyncEnumerable<(int Item, ReadOnlyMemory<byte> Value)> ReadItemsAsync(
        string instance, WorkflowDataName step, CancellationToken cancellationToken);

    /// <summary>
    /// Reads the items of a fan-out's list from <paramref name="first"/> to <paramref name="last"/>, with their indexes, in order.
    /// Missing ones are skipped.
    /// </summary>
    async IAsyncEnumerable<(int Item, ReadOnlyMemory<byte> Value)> ReadListAsync(
        string instance, string step, int first, int last, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var entry in ReadItemsAsync(instance, WorkflowDataName.Item(step), cancellationToken))
        {
            if (entry.Item >= first && entry.Item <= last)
                yield return entry;
        }
    }

    /// <summary>
    /// Lists the ids of the child workflow instances, each recorded as <see cref="WorkflowDataName.Child"/>, in no particular
    /// order.
    /// </summary>
    IAsyncEnumerable<string> ListChildrenAsync(string instance, CancellationToken cancellationToken);

    /// <summary>Deletes all values of a workflow instance.</summary>
    Task RemoveAsync(string instance, CancellationToken cancellationToken);
}

/// <summary>The name of a value of a workflow instance.</summary>
internal readonly record struct WorkflowDataName
{
    private WorkflowDataName(string key) => Key = key;

    /// <summary>
    /// The name as text, valid in a table key and in a blob path: the characters of step ids and instance ids, and '!'.
    /// </summary>
    public string Key { get; }

    public static WorkflowDataName Input => new("input");

    /// <summary>The input of one of several concurrent starts (<see cref="WorkflowInstance.StagedInput"/>).</summary>
    public static WorkflowDataName StagedInput(string start) => new($"input!{start}");

    public static WorkflowDataName Output => new("output");

    /// <summary>The payload of an event.</summary>
    public static WorkflowDataName Event(string id) => new($"event!{id}");

    /// <summary>The output of a step, or of one item of a fan-out.</summary>
    public static WorkflowDataName Step(string step, int? item = null) =>
        new(item is { } number ? $"output!{step}!{number:d6}" : $"output!{step}");

    /// <summary>An item in the list of a fan-out.</summary>
    public static WorkflowDataName Item(string step, int? item = null) =>
        new(item is { } number ? $"item!{step}!{number:d6}" : $"item!{step}");

    /// <summary>A record that a child workflow instance was started; it is purged with its parent.</summary>
    public static WorkflowDataName Child(string id) => new($"child!{id}");

    public override string ToString() => Key;
}
