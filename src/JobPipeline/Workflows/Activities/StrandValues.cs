using JobPipeline.Workflows.Instances;

namespace JobPipeline.Workflows.Activities;

/// <summary>
/// The values of a workflow instance while a strand runs: the input is read once, outputs are written together, and a step reads those
/// of the steps before it from memory.
/// </summary>
internal sealed class StrandValues(IWorkflowData data, string instance) : ValuesInMemory(data)
{
    private readonly OutputBuffer _outputs = new(data, instance);
    private (bool IsRead, ReadOnlyMemory<byte>? Value) _input;

    public override async Task<ReadOnlyMemory<byte>?> ReadAsync(string instance, WorkflowDataName name, CancellationToken cancellationToken)
    {
        if (_outputs.Find(name) is { } output)
            return output.Value;
        if (name != WorkflowDataName.Input)
            return await Stored.ReadAsync(instance, name, cancellationToken);
        if (!_input.IsRead)
            _input = (true, await Stored.ReadAsync(instance, name, cancellationToken));
        return _input.Value;
    }

    public override async Task<bool> TryWriteOutputAsync(
        string instance, WorkflowDataName name, long rank, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        await _outputs.AddAsync(new StepOutput(name, rank, value));
        return true;
    }

    /// <summary>Writes the outputs. No ending may be reported before.</summary>
    public Task FlushAsync() => _outputs.FlushAsync();
}
