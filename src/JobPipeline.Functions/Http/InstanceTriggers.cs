using JobPipeline.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace JobPipeline.Functions.Http;

/// <summary>HTTP triggers for api.Instances.</summary>
public sealed class InstanceTriggers(ApiEndpoints api)
{
    [Function("ListInstances")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = ApiRoutes.ListInstances)] HttpRequest request,
        CancellationToken cancellationToken) =>
        api.Instances.ListAsync(cancellationToken);
}
