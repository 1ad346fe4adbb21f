using JobPipeline.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace JobPipeline.Functions.Http;

/// <summary>HTTP triggers for api.Jobs.</summary>
public sealed class JobTriggers(ApiEndpoints api)
{
    [Function("SubmitJob")]
    public Task<IResult> SubmitAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = ApiRoutes.SubmitJob)] HttpRequest request,
        string type,
        CancellationToken cancellationToken) =>
        api.Jobs.SubmitAsync(request, type, cancellationToken);

    [Function("GetJob")]
    public Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = ApiRoutes.GetJob)] HttpRequest request,
        string id,
        CancellationToken cancellationToken) =>
        api.Jobs.GetAsync(id, cancellationToken);

    [Function("CancelJob")]
    public Task<IResult> CancelAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = ApiRoutes.CancelJob)] HttpRequest request,
        string id,
        CancellationToken cancellationToken) =>
        api.Jobs.CancelAsync(request, id, cancellationToken);

    [Function("RunJobNow")]
    public Task<IResult> RunNowAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = ApiRoutes.RunJobNow)] HttpRequest request,
        string id,
        CancellationToken cancellationToken) =>
        api.Jobs.RunNowAsync(request, id, cancellationToken);
}
