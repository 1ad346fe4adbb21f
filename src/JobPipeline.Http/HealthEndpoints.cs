using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace JobPipeline.Http;

/// <summary>The health endpoints: liveness for process supervisors, readiness for load balancers.</summary>
internal sealed class HealthEndpoints(HealthCheckService checks)
{
    /// <summary><c>GET /health/live</c>: the process is alive. Reveals nothing else, because it requires no key.</summary>
    public static IResult Live() => Results.Json(new HealthView("healthy", null), ApiJson.Options);

    /// <summary><c>GET /health/ready</c>: 503 with the reasons if the instance is not ready to run jobs.</summary>
    public async Task<IResult> ReadyAsync(CancellationToken cancellationToken)
    {
        var report = await checks.CheckHealthAsync(cancellationToken);
        var isReady = report.Status == HealthStatus.Healthy;
        return Results.Json(
            new HealthView(
                isReady ? "healthy" : "unhealthy",
                report.Entries.ToDictionary(entry => entry.Key, entry => entry.Value.Description ?? "healthy", StringComparer.Ordinal)),
            ApiJson.Options,
            statusCode: isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}

/// <summary>The health of an instance.</summary>
/// <param name="Status"><c>healthy</c> or <c>unhealthy</c>.</param>
/// <param name="Checks">The results by name of the check.</param>
internal sealed record HealthView(string Status, IReadOnlyDictionary<string, string>? Checks);
