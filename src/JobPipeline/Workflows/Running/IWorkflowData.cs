namespace JobPipeline.Workflows.Running;

/// <summary>Keeps what instances were given and made: values by name (<see cref="WorkflowDataName"/>), each UTF-8 JSON.</summary>
public interface IWorkflowData
{
    /// <summary>Most bytes of one value.</summary>
    const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>Writes or overwrites values of one instance, many to an operation.</summary>
    /// <exception cref="ArgumentException">A value has more than <see cref="MaxBytes"/> bytes.</exception>
    Task WriteAsync(string instance, IReadOnlyCollection<KeyValuePair<WorkflowDataName, ReadOnlyMemory<byte>>> values, CancellationToken cancellationToken);

    /// <summary>Null: there is none.</summary>
    Task<ReadOnlyMemory<byte>?> ReadAsync(string instance, WorkflowDataName name, CancellationToken cancellationToken);

    /// <summary>The values of a fan-out's items by their number, in order; those that are not there are left out.</summary>
    IAsyncEnumerable<(int Item, ReadOnlyMemory<byte> Value)> ReadItemsAsync(string instance, WorkflowDataName step, CancellationToken cancellationToken);

    /// <summary>Removes all of an instance.</summary>
    Task RemoveAsync(string instance, CancellationToken cancellationToken);
}

/// <summary>The name of a value of an instance.</summary>
public readonly record struct WorkflowDataName
{
    private WorkflowDataName(string key) => Key = key;

    /// <summary>Fit for a key of a table: letters, digits, '_', '-' and '!'.</summary>
    public string Key { get; }

    public static WorkflowDataName Input => new("input");

    public static WorkflowDataName Output => new("output");

    /// <summary>What an event carried.</summary>
    public static WorkflowDataName Event(string id) => new($"event!{id}");

    /// <summary>What a step gave; of a fan-out what one item gave.</summary>
    public static WorkflowDataName Step(string step, int? item = null) => new(item is { } number ? $"output!{step}!{number:d6}" : $"output!{step}");

    /// <summary>An item of a fan-out's list.</summary>
    public static WorkflowDataName Item(string step, int? item = null) => new(item is { } number ? $"item!{step}!{number:d6}" : $"item!{step}");

    public override string ToString() => Key;
}
