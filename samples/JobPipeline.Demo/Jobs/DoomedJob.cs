using JobPipeline.Handlers;

namespace JobPipeline.Demo.Jobs;

internal sealed record DoomedPayload(string Invoice);

/// <summary>Fails every time, to end as a dead letter.</summary>
[Job("demo.doomed", MaxAttempts = 2, BackoffBase = "00:00:01", BackoffCap = "00:00:01")]
internal sealed class DoomedJob : IJobHandler<DoomedPayload>
{
    public Task<JobOutcome> HandleAsync(DoomedPayload payload, JobContext context, CancellationToken cancellationToken) =>
        throw new InvalidOperationException($"invoice {payload.Invoice} has no customer");
}
