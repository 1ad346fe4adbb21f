using JobPipeline.Handlers;

namespace JobPipeline.Samples.Workflow;

/// <summary>The payload of the steps.</summary>
/// <param name="Amount">The amount.</param>
public sealed record OrderPayload(decimal Amount = 0);

/// <summary>Reserves the amount.</summary>
[Job("order.reserve")]
public sealed class ReserveJob : IJobHandler<OrderPayload, string>
{
    public Task<JobOutcome<string>> HandleAsync(OrderPayload payload, JobContext context, CancellationToken cancellationToken) =>
        Task.FromResult<JobOutcome<string>>($"reserved {payload.Amount}");
}

/// <summary>Charges the amount. Amounts above 1,000 are rejected, which makes the workflow compensate.</summary>
[Job("order.charge")]
public sealed class ChargeJob : IJobHandler<OrderPayload, string>
{
    public Task<JobOutcome<string>> HandleAsync(OrderPayload payload, JobContext context, CancellationToken cancellationToken) =>
        payload.Amount > 1000
            ? throw new JobRejectedException($"{payload.Amount} exceeds the limit of 1000.")
            : Task.FromResult<JobOutcome<string>>($"charged {payload.Amount}");
}

/// <summary>Releases a reservation.</summary>
[Job("order.release")]
public sealed class ReleaseJob : IJobHandler<OrderPayload>
{
    public Task<JobOutcome> HandleAsync(OrderPayload payload, JobContext context, CancellationToken cancellationToken) =>
        Task.FromResult(JobOutcome.Success());
}
