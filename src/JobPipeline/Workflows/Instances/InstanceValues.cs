using JobPipeline.Diagnostics;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Activities;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Machine;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Workflows.Instances;

/// <summary>Stores values when an event is delivered and when a workflow instance ends.</summary>
internal sealed class InstanceValues(StepInputResolver edge, IWorkflowData data, JobMetrics metrics, ILogger<InstanceValues> logger)
{
    /// <summary>Stores the payload of an event as the step's output.</summary>
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

    /// <summary>Returns why a completed workflow instance fails after all.</summary>
    public static string WhyNoOutput(Exception error) => error is WorkflowExpressionException
        ? $"no output: {error.Message}"
        : $"its output could not be stored: {error.Message}";

    /// <summary>Evaluates and stores the output of a completed workflow instance. Returns null if it has no output.</summary>
    /// <exception cref="WorkflowExpressionException">The output can't be evaluated, or exceeds the limits.</exception>
    public async Task<ReadOnlyMemory<byte>?> KeepOutputAsync(StepScope scope, string? template, CancellationToken cancellationToken)
    {
        if (template is null)
            return null;
        var output = await edge.OutputAsync(scope, template, cancellationToken);
        await data.WriteAsync(scope.Instance, [KeyValuePair.Create(WorkflowDataName.Output, output)], cancellationToken);
        return output;
    }
}
