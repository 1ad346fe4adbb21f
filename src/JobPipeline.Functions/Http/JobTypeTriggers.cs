using JobPipeline.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace JobPipeline.Functions.Http;

/// <summary>HTTP triggers for job api.JobTypes.</summary>
public sealed class JobTypeTriggers(ApiEndpoints api)
{
    [Function("ListJobTypes")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = ApiRoutes.ListJobTypes)] HttpRequest request,
        CancellationToken cancellationToken) =>
        api.JobTypes.ListAsync(cancellationToken);

    [Function("PauseJobType")]
    public Task<IResult> PauseAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = ApiRoutes.PauseJobType)] HttpRequest request,
        string type,
        CancellationToken cancellationToken) =>
        api.JobTypes.PauseAsync(request, type, cancellationToken);

    [Function("ResumeJobType")]
    public Task<IResult> ResumeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = ApiRoutes.ResumeJobType)] HttpRequest request,
        string type,
        CancellationToken cancellationToken) =>
        api.JobTypes.ResumeAsync(request, type, cancellationToken);
}
