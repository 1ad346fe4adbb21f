using JobPipeline.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace JobPipeline.Functions.Http;

/// <summary>HTTP triggers for dead api.DeadLetters.</summary>
public sealed class DeadLetterTriggers(ApiEndpoints api)
{
    [Function("ListDeadLetters")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = ApiRoutes.ListDeadLetters)] HttpRequest request,
        CancellationToken cancellationToken) =>
        api.DeadLetters.ListAsync(request, cancellationToken);

    [Function("GetDeadLetter")]
    public Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = ApiRoutes.GetDeadLetter)] HttpRequest request,
        string id,
        CancellationToken cancellationToken) =>
        api.DeadLetters.GetAsync(id, cancellationToken);

    [Function("RemoveDeadLetter")]
    public Task<IResult> RemoveAsync(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = ApiRoutes.RemoveDeadLetter)] HttpRequest request,
        string id,
        CancellationToken cancellationToken) =>
        api.DeadLetters.RemoveAsync(request, id, cancellationToken);

    [Function("PurgeDeadLetters")]
    public Task<IResult> PurgeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = ApiRoutes.PurgeDeadLetters)] HttpRequest request,
        CancellationToken cancellationToken) =>
        api.DeadLetters.PurgeAsync(request, cancellationToken);
}
