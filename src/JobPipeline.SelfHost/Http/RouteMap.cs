using JobPipeline.Http;
using JobPipeline.Http.DeadLetters;
using JobPipeline.Http.Health;
using JobPipeline.Http.Jobs;

namespace JobPipeline.SelfHost.Http;

/// <summary>The API's methods on this host's routes.</summary>
internal static class RouteMap
{
    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(ApiRoutes.SubmitJob, (JobEndpoints jobs, HttpRequest request, string type, CancellationToken token) => jobs.SubmitAsync(request, type, token));
        routes.MapGet(ApiRoutes.GetJob, (JobEndpoints jobs, string id, CancellationToken token) => jobs.GetAsync(id, token));
        routes.MapGet(ApiRoutes.GetDeadLetter, (DeadLetterEndpoints letters, string id, CancellationToken token) => letters.GetAsync(id, token));
        routes.MapGet(ApiRoutes.Live, HealthEndpoints.Live);
        routes.MapGet(ApiRoutes.Ready, (HealthEndpoints health, CancellationToken token) => health.ReadyAsync(token));
    }
}
