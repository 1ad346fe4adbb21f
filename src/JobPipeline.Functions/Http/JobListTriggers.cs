using JobPipeline.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace JobPipeline.Functions.Http;

/// <summary>HTTP triggers for job lists and api.Batches.</summary>
public sealed class JobListTriggers(ApiEndpoints api)
{
    [Function("ListJobs")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = ApiRoutes.ListJobs)] HttpRequest request,
        CancellationToken cancellationToken) =>
        api.JobList.ListAsync(request, cancellationToken);

    [Function("SubmitJobs")]
    public Task<IResult> SubmitAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = ApiRoutes.SubmitJobs)] HttpRequest request,
        CancellationToken cancellationToken) =>
        api.Batches.SubmitAsync(request, cancellationToken);
}
