namespace JobPipeline.Workflows.Instances;

/// <summary>Keeps what instances were given and made: values by name (<see cref="WorkflowDataName"/>), each UTF-8 JSON.</summary>
public interface IWorkflowData
{
    /// <summary>Most bytes of one value.</summary>
    const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>Writes or overwrites values of one instance, many to an operation.</summary>
    /// <exception cref="ArgumentException">A value has more than <see cref="MaxBytes"/> bytes.</exception>
    Task WriteAsync(string instance, IReadOnlyCollection<KeyValuePair<WorkflowDataName, ReadOnlyMemory<byte>>> values, CancellationToken cancellationToken);

    /// <summary>
    /// Writes what an attempt gave, unless a later one's is there: of two attempts that both believe to be the one that
    /// counts, the later one is. False: there is, and nothing changed.
    /// </summary>
    /// <param name="instance">The instance.</param>
    /// <param name="name">The output's name.</param>
    /// <param name="rank">Higher for a later attempt.</param>
    /// <param name="value">UTF-8 JSON.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">The value has more than <see cref="MaxBytes"/> bytes.</exception>
    Task<bool> TryWriteOutputAsync(string instance, WorkflowDataName name, long rank, ReadOnlyMemory<byte> value, CancellationToken cancellationToken);

    /// <summary>Null: there is none.</summary>
    Task<ReadOnlyMemory<byte>?> ReadAsync(string instance, WorkflowDataName name, CancellationToken cancellationToken);

    /// <summary>The values of a fan-out's items by their number, in order; those that are not there are left out.</summary>
    IAsyncEnumerable<(int Item, ReadOnlyMemory<byte> Value)> ReadItemsAsync(string instance, WorkflowDataName step, CancellationToken cancellationToken);

    /// <summary>The instances that were started as its children, in no order; each was noted as <see cref="WorkflowDataName.Child"/>.</summary>
    IAsyncEnumerable<string> ListChildrenAsync(string instance, CancellationToken cancellationToken);

    /// <summary>Removes all of an instance.</summary>
    Task RemoveAsync(string instance, CancellationToken cancellationToken);
}

/// <summary>The name of a value of an instance.</summary>
public readonly record struct WorkflowDataName
{
    private WorkflowDataName(string key) => Key = key;

    /// <summary>Fit for a key of a table and a blob's path: what step ids and instance ids may have, and '!'.</summary>
    public string Key { get; }

    public static WorkflowDataName Input => new("input");

    /// <summary>The input of one of several starts that may race (<see cref="WorkflowInstance.StagedInput"/>).</summary>
    public static WorkflowDataName StagedInput(string start) => new($"input!{start}");

    public static WorkflowDataName Output => new("output");

    /// <summary>What an event carried.</summary>
    public static WorkflowDataName Event(string id) => new($"event!{id}");

    /// <summary>What a step gave; of a fan-out what one item gave.</summary>
    public static WorkflowDataName Step(string step, int? item = null) => new(item is { } number ? $"output!{step}!{number:d6}" : $"output!{step}");

    /// <summary>An item of a fan-out's list.</summary>
    public static WorkflowDataName Item(string step, int? item = null) => new(item is { } number ? $"item!{step}!{number:d6}" : $"item!{step}");

    /// <summary>That an instance was started as a child: it is purged with its parent.</summary>
    public static WorkflowDataName Child(string id) => new($"child!{id}");

    public override string ToString() => Key;
}
