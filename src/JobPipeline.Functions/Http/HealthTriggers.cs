using JobPipeline.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace JobPipeline.Functions.Http;

/// <summary>HTTP triggers for liveness, which requires no key, and readiness.</summary>
public sealed class HealthTriggers(ApiEndpoints api)
{
    [Function("Live")]
    public static IResult Live([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = ApiRoutes.Live)] HttpRequest request) =>
        HealthEndpoints.Live();

    [Function("Ready")]
    public Task<IResult> ReadyAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = ApiRoutes.Ready)] HttpRequest request,
        CancellationToken cancellationToken) =>
        api.Health.ReadyAsync(cancellationToken);
}
