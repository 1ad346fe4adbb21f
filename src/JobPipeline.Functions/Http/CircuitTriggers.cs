using JobPipeline.Http;
using JobPipeline.Http.Limits;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace JobPipeline.Functions.Http;

/// <summary>HTTP triggers for circuits.</summary>
public sealed class CircuitTriggers(CircuitEndpoints circuits)
{
    [Function("ListCircuits")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = ApiRoutes.ListCircuits)] HttpRequest request,
        CancellationToken cancellationToken) =>
        circuits.ListAsync(cancellationToken);
}
