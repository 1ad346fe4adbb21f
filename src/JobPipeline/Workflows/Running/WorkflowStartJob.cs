using System.Runtime.InteropServices;
using JobPipeline.Handlers;
using JobPipeline.Monitoring;

namespace JobPipeline.Workflows.Running;

/// <summary>Starts a workflow: what a message <c>{ "workflow": "...", "input": ... }</c> becomes. Run again, it starts the same instance.</summary>
[Job(WorkflowStart.JobType)]
internal sealed class WorkflowStartJob(WorkflowCatalog catalog, IWorkflowRuntime workflows) : IJobHandler<WorkflowStart, WorkflowStarted>
{
    public async Task<JobOutcome<WorkflowStarted>> HandleAsync(WorkflowStart payload, JobContext context, CancellationToken cancellationToken)
    {
        if (catalog.Find(payload.Workflow) is not { } definition)
            throw new JobRejectedException(catalog.WhyUnknown(payload.Workflow));
        var id = payload.Instance ?? context.JobId.ToString();
        if (!WorkflowIds.IsId(id))
            throw new JobRejectedException($"'{id}' is no id for an instance: letters, digits, '.', '_', '-' and ':', at most {WorkflowInstance.MaxIdLength}");
        var input = payload.Input is { } given ? JsonMarshal.GetRawUtf8Value(given).ToArray() : default(ReadOnlyMemory<byte>);
        if (WorkflowValue.FaultOf(input) is { } fault)
            throw new JobRejectedException($"the input of workflow '{payload.Workflow}' {fault}");
        using var trace = JobTracing.Continue(context.TraceParent);
        var isNew = await workflows.StartAsync(definition, id, input, context.CorrelationId, cancellationToken);
        return new WorkflowStarted(id, isNew);
    }
}

/// <summary>What became of a wish to start a workflow.</summary>
/// <param name="Instance">The instance.</param>
/// <param name="IsNew">False: there was one of that id before.</param>
public sealed record WorkflowStarted(string Instance, bool IsNew);
