using JobPipeline.Enqueueing;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Definitions;

namespace JobPipeline.Workflows.Activities;

/// <summary>The jobs of steps' attempts.</summary>
internal sealed class StepRequests(StepEdge edge, JobClient jobs)
{
    /// <summary>The job of an attempt, its payload filled in.</summary>
    /// <exception cref="JobRejectedException">It would be refused, whoever enqueues it; the message names every fault.</exception>
    /// <exception cref="WorkflowExpressionException">Its payload can't be worked out.</exception>
    public async Task<JobRequest> OfAsync(StepOrder order, CancellationToken cancellationToken)
    {
        var payload = ((JobAction)order.Action).Payload;
        var request = Of(order) with { Payload = await edge.FillAsync(order.Scope, payload, order.Run, cancellationToken) };
        var faults = jobs.ValidateStep(request);
        return faults.Count == 0 ? request : throw new JobRejectedException(string.Join("; ", faults));
    }

    /// <summary>The same without its payload: enough for a job that is not to run.</summary>
    public static JobRequest Of(StepOrder order) => new()
    {
        Type = ((JobAction)order.Action).Type,
        // In a workflow the workflow alone tries again.
        MaxAttempts = 1,
        Timeout = order.Timeout < JobLimits.MaxTimeout ? order.Timeout : null,
        ExpiresAt = order.Deadline,
        CorrelationId = order.CorrelationId,
    };
}
