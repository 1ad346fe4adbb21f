using JobPipeline.Enqueueing;
using JobPipeline.Http.Problems;
using JobPipeline.Http.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Http.Jobs;

/// <summary>Many jobs in one request.</summary>
public sealed class BatchEndpoints
{
    private readonly JobClient _jobs;
    private readonly TimeProvider _time;
    private readonly ILogger<BatchEndpoints> _log;

    public BatchEndpoints(JobClient jobs, TimeProvider time, ILogger<BatchEndpoints> log) => (_jobs, _time, _log) = (jobs, time, log);

    /// <summary>
    /// <c>POST /api/jobs:batch</c>: a JSON array, or <c>application/x-ndjson</c> with one <see cref="BatchItem"/> a line; at most
    /// 1,000 items and 16 MiB. A batch that can be taken apart is answered with 200, whatever became of its items: each has its
    /// own status, and a generated client needs to know one shape only. What can't be taken apart is a 400 and nothing is enqueued.
    /// </summary>
    public async Task<IResult> SubmitAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (BatchBody.IsLines(request) is not { } isLines)
            return Problem.UnsupportedMediaType();
        if (await BoundedBody.ReadAsync(request, BatchBody.MaxBytes, cancellationToken) is not { } body)
            return Problem.PayloadTooLarge(BatchBody.MaxBytes);
        if (BatchBody.Split(body, isLines, out var fault) is not { } items)
            return Problem.InvalidRequest([fault]);
        var batch = new Batch(_jobs, _time, _log, items, job => ApiRoutes.OfJob(job).WithKeyOf(request));
        return Results.Json(await batch.RunAsync(cancellationToken), ApiJson.Options);
    }
}
