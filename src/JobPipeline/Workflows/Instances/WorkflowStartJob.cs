using System.Runtime.InteropServices;
using JobPipeline.Configuration;
using JobPipeline.Diagnostics;
using JobPipeline.Execution.UnknownTypes;
using JobPipeline.Handlers;
using JobPipeline.Instances;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using Microsoft.Extensions.Options;

namespace JobPipeline.Workflows.Instances;

/// <summary>Starts a workflow: what a message <c>{ "workflow": "...", "input": ... }</c> becomes. Run again, it starts the same instance.</summary>
[Job(WorkflowStart.JobType)]
internal sealed class WorkflowStartJob(
    WorkflowCatalog catalog, IWorkflowRuntime workflows, TimeProvider time, IOptions<JobPipelineOptions> options)
    : IJobHandler<WorkflowStart, WorkflowStarted>
{
    public async Task<JobOutcome<WorkflowStarted>> HandleAsync(WorkflowStart payload, JobContext context, CancellationToken cancellationToken)
    {
        if (catalog.Find(payload.Workflow) is not { } definition)
            return await LeaveToOthersAsync(payload.Workflow, context, cancellationToken);
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

    /// <summary>An instance of another release may know the workflow, just as with a job type.</summary>
    private async Task<JobOutcome<WorkflowStarted>> LeaveToOthersAsync(
        string workflow, JobContext context, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var since = await context.GetCheckpointAsync<FirstSeen>(cancellationToken) ?? new FirstSeen(now);
        var left = since.At + options.Value.UnknownTypeGrace - now;
        if (left <= TimeSpan.Zero)
            throw new JobRejectedException(catalog.WhyUnknown(workflow));
        await context.SaveCheckpointAsync(since, cancellationToken);
        var jitter = Jitter.Of(context.JobId, (now - since.At).Seconds);
        var wait = UnknownTypeDecision.WaitAfter(now - since.At, jitter, UnknownTypeDecision.LongestWaitWhileKnown);
        return JobOutcome.Snooze(wait < left ? wait : left, $"{catalog.WhyUnknown(workflow)}; another instance may know it");
    }

    private sealed record FirstSeen(DateTimeOffset At);
}

/// <summary>What became of a wish to start a workflow.</summary>
/// <param name="Instance">The instance.</param>
/// <param name="IsNew">False: there was one of that id before.</param>
public sealed record WorkflowStarted(string Instance, bool IsNew);
