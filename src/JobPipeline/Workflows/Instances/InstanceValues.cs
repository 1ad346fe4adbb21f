using JobPipeline.Diagnostics;
using JobPipeline.Instances;
using JobPipeline.Workflows.Activities;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Machine;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Workflows.Instances;

/// <summary>What becomes of the values when an event is taken and when an instance ends.</summary>
internal sealed class InstanceValues(StepEdge edge, IWorkflowData data, JobMetrics metrics, ILogger<InstanceValues> logger)
{
    /// <summary>What the event carried becomes the step's output.</summary>
    public async Task TakeAsync(string instance, WorkflowEffect.TakeEvent taken, CancellationToken cancellationToken)
    {
        if (await data.ReadAsync(instance, WorkflowDataName.Event(taken.EventId), cancellationToken) is { } carried)
            await data.WriteAsync(instance, [KeyValuePair.Create(WorkflowDataName.Step(taken.Attempt.Step), carried)], cancellationToken);
    }

    public void Started(WorkflowDefinition definition) => metrics.WorkflowStarted(definition.Name);

    public void Ended(WorkflowDefinition definition, WorkflowState state)
    {
        metrics.WorkflowEnded(definition.Name, state.Status.ToString());
        WorkflowLog.Ended(logger, state.Instance, definition.Name, state.Status, state.Reason);
    }

    /// <summary>Why an instance that completed has failed after all.</summary>
    public static string WhyNoOutput(Exception error) => error is WorkflowExpressionException ? $"no output: {error.Message}" : $"its output could not be kept: {error.Message}";

    /// <summary>Works out what an instance that completed returns, and keeps it. Null: nothing.</summary>
    /// <exception cref="WorkflowExpressionException">The output can't be worked out, or is out of bounds.</exception>
    public async Task<ReadOnlyMemory<byte>?> KeepOutputAsync(StepScope scope, string? template, CancellationToken cancellationToken)
    {
        if (template is null)
            return null;
        var output = await edge.OutputAsync(scope, template, cancellationToken);
        await data.WriteAsync(scope.Instance, [KeyValuePair.Create(WorkflowDataName.Output, output)], cancellationToken);
        return output;
    }
}
