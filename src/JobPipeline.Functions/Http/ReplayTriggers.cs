using JobPipeline.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace JobPipeline.Functions.Http;

/// <summary>HTTP triggers for api.Replays.</summary>
public sealed class ReplayTriggers(ApiEndpoints api)
{
    [Function("ReplayDeadLetter")]
    public Task<IResult> ReplayAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = ApiRoutes.ReplayDeadLetter)] HttpRequest request,
        string id,
        CancellationToken cancellationToken) =>
        api.Replays.ReplayAsync(request, id, cancellationToken);

    [Function("ReplayDeadLetters")]
    public Task<IResult> ReplayManyAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = ApiRoutes.ReplayDeadLetters)] HttpRequest request,
        CancellationToken cancellationToken) =>
        api.Replays.ReplayManyAsync(request, cancellationToken);
}
