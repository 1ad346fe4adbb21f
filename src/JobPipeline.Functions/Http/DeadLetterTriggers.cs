using JobPipeline.Http;
using JobPipeline.Http.DeadLetters;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace JobPipeline.Functions.Http;

/// <summary>Dead letters over HTTP.</summary>
public sealed class DeadLetterTriggers(DeadLetterEndpoints letters)
{
    [Function("GetDeadLetter")]
    public Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = ApiRoutes.GetDeadLetter)] HttpRequest request, string id, CancellationToken cancellationToken) =>
        letters.GetAsync(id, cancellationToken);
}
