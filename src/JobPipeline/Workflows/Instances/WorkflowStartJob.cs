using System.Runtime.InteropServices;
using JobPipeline.Configuration;
using JobPipeline.Diagnostics;
using JobPipeline.Execution.UnknownTypes;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using Microsoft.Extensions.Options;

namespace JobPipeline.Workflows.Instances;

/// <summary>
/// Starts the workflow that a message <c>{ "workflow": "...", "input": ... }</c> requests. A further attempt starts the same
/// workflow instance.
/// </summary>
[Job(WorkflowStart.JobType)]
internal sealed class WorkflowStartJob(
    WorkflowCatalog catalog, IWorkflowRuntime workflows, TimeProvider time, IOptions<JobPipelineOptions> options)
    : IJobHandler<WorkflowStart, WorkflowStarted>
{
    public async Task<JobOutcome<WorkflowStarted>> HandleAsync(
        WorkflowStart payload, JobContext context, CancellationToken cancellationToken)
    {
        if (catalog.Find(payload.Workflow) is not { } definition)
            return await SnoozeUnknownAsync(payload.Workflow, context, cancellationToken);
        var id = payload.Instance ?? context.JobId.ToString();
        if (!WorkflowIds.IsId(id))
        {
            throw new JobRejectedException(
                $"'{id}' is not a valid workflow instance id: use letters, digits, '.', '_', '-' and ':', "
                    + $"at most {WorkflowInstance.MaxIdLength} characters");
        }

        var input = payload.Input is { } given ? JsonMarshal.GetRawUtf8Value(given).ToArray() : default(ReadOnlyMemory<byte>);
        if (WorkflowValue.ErrorOf(input) is { } error)
            throw new JobRejectedException($"the input of workflow '{payload.Workflow}' {error}");
        using var trace = JobTracing.Continue(context.TraceParent);
        var isNew = await workflows.StartAsync(definition, id, input, context.CorrelationId, cancellationToken);
        return new WorkflowStarted(id, isNew);
    }

    /// <summary>
    /// Snoozes the job within the grace period, because an instance of another release may know the workflow, as with unknown job
    /// types.
    /// </summary>
    private async Task<JobOutcome<WorkflowStarted>> SnoozeUnknownAsync(
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

/// <summary>The result of a request to start a workflow.</summary>
/// <param name="Instance">The id of the workflow instance.</param>
/// <param name="IsNew">Whether a new workflow instance was started; false if one with that id already existed.</param>
internal sealed record WorkflowStarted(string Instance, bool IsNew);
