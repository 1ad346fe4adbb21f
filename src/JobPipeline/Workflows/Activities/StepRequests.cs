using JobPipeline.Enqueueing;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;

namespace JobPipeline.Workflows.Activities;

/// <summary>Creates the job requests of step attempts.</summary>
internal sealed class StepRequests(StepInputResolver edge, JobClient jobs)
{
    /// <summary>Returns the same for values from another source.</summary>
    public StepRequests With(IWorkflowData values) => new(edge.With(values), jobs);

    /// <summary>Creates the job request of a step attempt, with its payload evaluated.</summary>
    /// <exception cref="JobRejectedException">The job request is not valid; the message lists every validation error.</exception>
    /// <exception cref="WorkflowExpressionException">The payload can't be evaluated.</exception>
    /// <param name="order">The step attempt.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <param name="stored">Outputs that were stored just now.</param>
    public async Task<JobRequest> OfAsync(
        StepAttemptInput order, CancellationToken cancellationToken, IReadOnlyList<StepOutput>? stored = null)
    {
        var payload = ((JobAction)order.Action).Payload;
        var request = Of(order) with { Payload = await edge.FillAsync(order.Scope, payload, order.Run, cancellationToken, stored) };
        var errors = jobs.ValidateStep(request);
        return errors.Count == 0 ? request : throw new JobRejectedException(string.Join("; ", errors));
    }

    /// <summary>Creates the job request without its payload, which is enough to cancel a job.</summary>
    public static JobRequest Of(StepAttemptInput order) => new()
    {
        Type = ((JobAction)order.Action).Type,
        // The workflow retries its steps; their jobs are not retried.
        MaxAttempts = 1,
        Timeout = order.Timeout < JobLimits.MaxTimeout ? order.Timeout : null,
        ExpiresAt = order.Deadline,
        CorrelationId = order.CorrelationId,
    };
}
