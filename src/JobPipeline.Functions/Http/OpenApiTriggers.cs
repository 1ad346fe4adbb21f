using JobPipeline.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace JobPipeline.Functions.Http;

/// <summary>HTTP trigger for the OpenAPI api.OpenApi.</summary>
public sealed class OpenApiTriggers(ApiEndpoints api)
{
    [Function("OpenApi")]
    public IResult Get([HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = ApiRoutes.OpenApi)] HttpRequest request) =>
        api.OpenApi.Get(request);
}
