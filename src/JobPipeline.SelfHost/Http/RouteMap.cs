using JobPipeline.Http;
using JobPipeline.Http.DeadLetters;
using JobPipeline.Http.Health;
using JobPipeline.Http.Jobs;
using JobPipeline.Http.OpenApi;

namespace JobPipeline.SelfHost.Http;

/// <summary>The API's methods on this host's routes.</summary>
internal static class RouteMap
{
    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(ApiRoutes.SubmitJob, (JobEndpoints jobs, HttpRequest request, string type, CancellationToken token) => jobs.SubmitAsync(request, type, token));
        routes.MapPost(ApiRoutes.SubmitJobs, (BatchEndpoints batches, HttpRequest request, CancellationToken token) => batches.SubmitAsync(request, token));
        routes.MapGet(ApiRoutes.ListJobs, (JobListEndpoints jobs, HttpRequest request, CancellationToken token) => jobs.ListAsync(request, token));
        routes.MapGet(ApiRoutes.GetJob, (JobEndpoints jobs, string id, CancellationToken token) => jobs.GetAsync(id, token));
        routes.MapPost(ApiRoutes.CancelJob, (JobEndpoints jobs, HttpRequest request, string id, CancellationToken token) => jobs.CancelAsync(request, id, token));
        routes.MapGet(ApiRoutes.GetDeadLetter, (DeadLetterEndpoints letters, string id, CancellationToken token) => letters.GetAsync(id, token));
        routes.MapGet(ApiRoutes.OpenApi, (OpenApiEndpoints document, HttpRequest request) => document.Get(request));
        routes.MapGet(ApiRoutes.Live, HealthEndpoints.Live);
        routes.MapGet(ApiRoutes.Ready, (HealthEndpoints health, CancellationToken token) => health.ReadyAsync(token));
    }
}
