using JobPipeline.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace JobPipeline.Functions.Http;

/// <summary>HTTP triggers for api.Queues.</summary>
public sealed class QueueTriggers(ApiEndpoints api)
{
    [Function("ListQueues")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = ApiRoutes.ListQueues)] HttpRequest request,
        CancellationToken cancellationToken) =>
        api.Queues.ListAsync(cancellationToken);

    [Function("PauseQueue")]
    public Task<IResult> PauseAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = ApiRoutes.PauseQueue)] HttpRequest request,
        string name,
        CancellationToken cancellationToken) =>
        api.Queues.PauseAsync(request, name, cancellationToken);

    [Function("ResumeQueue")]
    public Task<IResult> ResumeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = ApiRoutes.ResumeQueue)] HttpRequest request,
        string name,
        CancellationToken cancellationToken) =>
        api.Queues.ResumeAsync(request, name, cancellationToken);
}
