using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace JobPipeline.Http;

/// <summary>Liveness for whoever restarts the process, readiness for whoever sends it traffic.</summary>
public sealed class HealthEndpoints(HealthCheckService checks)
{
    /// <summary><c>GET /health/live</c>: the process answers. Says nothing else, for anyone may ask.</summary>
    public static IResult Live() => Results.Json(new HealthView("healthy", null), ApiJson.Options);

    /// <summary><c>GET /health/ready</c>: 503 with the reasons when jobs would not run.</summary>
    public async Task<IResult> ReadyAsync(CancellationToken cancellationToken)
    {
        var report = await checks.CheckHealthAsync(cancellationToken);
        var isReady = report.Status == HealthStatus.Healthy;
        return Results.Json(
            new HealthView(isReady ? "healthy" : "unhealthy", report.Entries.ToDictionary(entry => entry.Key, entry => entry.Value.Description ?? "healthy", StringComparer.Ordinal)),
            ApiJson.Options,
            statusCode: isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}

/// <summary>How a process is.</summary>
/// <param name="Status"><c>healthy</c> or <c>unhealthy</c>.</param>
/// <param name="Checks">What was found, check by check.</param>
public sealed record HealthView(string Status, IReadOnlyDictionary<string, string>? Checks);
