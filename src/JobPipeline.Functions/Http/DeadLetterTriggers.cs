using JobPipeline.Http;
using JobPipeline.Http.Failures;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace JobPipeline.Functions.Http;

/// <summary>HTTP triggers for dead letters.</summary>
public sealed class DeadLetterTriggers(DeadLetterEndpoints letters)
{
    [Function("ListDeadLetters")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = ApiRoutes.ListDeadLetters)] HttpRequest request,
        CancellationToken cancellationToken) =>
        letters.ListAsync(request, cancellationToken);

    [Function("GetDeadLetter")]
    public Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = ApiRoutes.GetDeadLetter)] HttpRequest request,
        string id,
        CancellationToken cancellationToken) =>
        letters.GetAsync(id, cancellationToken);

    [Function("RemoveDeadLetter")]
    public Task<IResult> RemoveAsync(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = ApiRoutes.RemoveDeadLetter)] HttpRequest request,
        string id,
        CancellationToken cancellationToken) =>
        letters.RemoveAsync(request, id, cancellationToken);

    [Function("PurgeDeadLetters")]
    public Task<IResult> PurgeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = ApiRoutes.PurgeDeadLetters)] HttpRequest request,
        CancellationToken cancellationToken) =>
        letters.PurgeAsync(request, cancellationToken);
}
