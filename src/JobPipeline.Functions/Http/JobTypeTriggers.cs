using JobPipeline.Http;
using JobPipeline.Http.JobTypes;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace JobPipeline.Functions.Http;

/// <summary>HTTP triggers for job types.</summary>
public sealed class JobTypeTriggers(JobTypeEndpoints types)
{
    [Function("ListJobTypes")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = ApiRoutes.ListJobTypes)] HttpRequest request,
        CancellationToken cancellationToken) =>
        types.ListAsync(cancellationToken);

    [Function("PauseJobType")]
    public Task<IResult> PauseAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = ApiRoutes.PauseJobType)] HttpRequest request,
        string type,
        CancellationToken cancellationToken) =>
        types.PauseAsync(request, type, cancellationToken);

    [Function("ResumeJobType")]
    public Task<IResult> ResumeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = ApiRoutes.ResumeJobType)] HttpRequest request,
        string type,
        CancellationToken cancellationToken) =>
        types.ResumeAsync(request, type, cancellationToken);
}
