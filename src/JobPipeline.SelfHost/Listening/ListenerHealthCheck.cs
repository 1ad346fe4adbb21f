using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace JobPipeline.SelfHost.Listening;

/// <summary>Checks whether this instance receives jobs.</summary>
internal sealed class ListenerHealthCheck(QueueListener listener) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            listener.IsListening ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The queue listener is not running."));
}
