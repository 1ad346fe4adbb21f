using JobPipeline.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace JobPipeline.Functions.Http;

/// <summary>HTTP triggers for error groups.</summary>
public sealed class ErrorTriggers(ApiEndpoints api)
{
    [Function("ListErrors")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = ApiRoutes.ListErrors)] HttpRequest request,
        CancellationToken cancellationToken) =>
        api.Errors.ListAsync(request, cancellationToken);

    [Function("GetError")]
    public Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = ApiRoutes.GetError)] HttpRequest request,
        string id,
        CancellationToken cancellationToken) =>
        api.Errors.GetAsync(id, cancellationToken);

    [Function("ResolveError")]
    public Task<IResult> ResolveAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = ApiRoutes.ResolveError)] HttpRequest request,
        string id,
        CancellationToken cancellationToken) =>
        api.Errors.ResolveAsync(request, id, cancellationToken);

    [Function("IgnoreError")]
    public Task<IResult> IgnoreAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = ApiRoutes.IgnoreError)] HttpRequest request,
        string id,
        CancellationToken cancellationToken) =>
        api.Errors.IgnoreAsync(request, id, cancellationToken);

    [Function("ReopenError")]
    public Task<IResult> ReopenAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = ApiRoutes.ReopenError)] HttpRequest request,
        string id,
        CancellationToken cancellationToken) =>
        api.Errors.ReopenAsync(request, id, cancellationToken);

    [Function("RecountError")]
    public Task<IResult> RecountAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = ApiRoutes.RecountError)] HttpRequest request,
        string id,
        CancellationToken cancellationToken) =>
        api.Errors.RecountAsync(request, id, cancellationToken);

    [Function("ReplayError")]
    public Task<IResult> ReplayAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = ApiRoutes.ReplayError)] HttpRequest request,
        string id,
        CancellationToken cancellationToken) =>
        api.Errors.ReplayAsync(request, id, cancellationToken);
}
