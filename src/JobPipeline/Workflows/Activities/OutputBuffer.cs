using JobPipeline.Workflows.Instances;

namespace JobPipeline.Workflows.Activities;

/// <summary>Outputs of one workflow instance that are written together. No ending may be reported before.</summary>
internal sealed class OutputBuffer(IWorkflowData data, string instance)
{
    private const int MaxBytes = 1024 * 1024;

    private readonly List<StepOutput> _outputs = [];
    private int _bytes;

    public async Task AddAsync(StepOutput output)
    {
        _outputs.Add(output);
        _bytes += output.Value.Length;
        if (_bytes > MaxBytes)
            await FlushAsync();
    }

    /// <summary>Finds an output that is not written yet.</summary>
    public StepOutput? Find(WorkflowDataName name) => _outputs.FindLast(output => output.Name == name);

    public async Task FlushAsync()
    {
        if (_outputs.Count > 0)
            await data.WriteOutputsAsync(instance, _outputs, CancellationToken.None);
        _outputs.Clear();
        _bytes = 0;
    }
}
