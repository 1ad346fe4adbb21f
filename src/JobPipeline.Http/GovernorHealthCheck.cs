using JobPipeline.Limits.Governor;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace JobPipeline.Http;

/// <summary>
/// Checks whether memory lets this instance start jobs. A level that is closed for less than a minute is part of ordinary operation.
/// </summary>
internal sealed class GovernorHealthCheck(ResourceGovernor governor, TimeProvider time) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            governor.State.ClosedFor(time.GetUtcNow()) >= GovernorDecision.TrialAfter && governor.WhyClosed() is { } why
                ? HealthCheckResult.Unhealthy(why)
                : HealthCheckResult.Healthy());
}
