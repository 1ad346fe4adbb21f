using JobPipeline.Http;
using JobPipeline.Http.Failures;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace JobPipeline.Functions.Http;

/// <summary>HTTP triggers for replays.</summary>
public sealed class ReplayTriggers(ReplayEndpoints replays)
{
    [Function("ReplayDeadLetter")]
    public Task<IResult> ReplayAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = ApiRoutes.ReplayDeadLetter)] HttpRequest request,
        string id,
        CancellationToken cancellationToken) =>
        replays.ReplayAsync(request, id, cancellationToken);

    [Function("ReplayDeadLetters")]
    public Task<IResult> ReplayManyAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = ApiRoutes.ReplayDeadLetters)] HttpRequest request,
        CancellationToken cancellationToken) =>
        replays.ReplayManyAsync(request, cancellationToken);
}
