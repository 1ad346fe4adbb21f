using JobPipeline.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace JobPipeline.Functions.Http;

/// <summary>HTTP triggers for api.Limits.</summary>
public sealed class LimitTriggers(ApiEndpoints api)
{
    [Function("ListLimits")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = ApiRoutes.ListLimits)] HttpRequest request,
        CancellationToken cancellationToken) =>
        api.Limits.ListAsync(cancellationToken);

    [Function("GetLimit")]
    public Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = ApiRoutes.GetLimit)] HttpRequest request,
        string name,
        CancellationToken cancellationToken) =>
        api.Limits.GetAsync(request, name, cancellationToken);

    [Function("ChangeLimit")]
    public Task<IResult> ChangeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = ApiRoutes.ChangeLimit)] HttpRequest request,
        string name,
        CancellationToken cancellationToken) =>
        api.Limits.ChangeAsync(request, name, cancellationToken);

    [Function("ResetLimit")]
    public Task<IResult> ResetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = ApiRoutes.ResetLimit)] HttpRequest request,
        string name,
        CancellationToken cancellationToken) =>
        api.Limits.ResetAsync(request, name, cancellationToken);

    [Function("PauseLimit")]
    public Task<IResult> PauseAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = ApiRoutes.PauseLimit)] HttpRequest request,
        string name,
        CancellationToken cancellationToken) =>
        api.Limits.PauseAsync(request, name, cancellationToken);

    [Function("ResumeLimit")]
    public Task<IResult> ResumeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = ApiRoutes.ResumeLimit)] HttpRequest request,
        string name,
        CancellationToken cancellationToken) =>
        api.Limits.ResumeAsync(request, name, cancellationToken);

    [Function("ListLimitJobs")]
    public Task<IResult> ListJobsAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = ApiRoutes.ListLimitJobs)] HttpRequest request,
        string name,
        CancellationToken cancellationToken) =>
        api.Limits.ListJobsAsync(request, name, cancellationToken);
}
