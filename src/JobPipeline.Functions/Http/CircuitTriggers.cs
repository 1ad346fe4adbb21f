using JobPipeline.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace JobPipeline.Functions.Http;

/// <summary>HTTP triggers for api.Circuits.</summary>
public sealed class CircuitTriggers(ApiEndpoints api)
{
    [Function("ListCircuits")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = ApiRoutes.ListCircuits)] HttpRequest request,
        CancellationToken cancellationToken) =>
        api.Circuits.ListAsync(cancellationToken);
}
