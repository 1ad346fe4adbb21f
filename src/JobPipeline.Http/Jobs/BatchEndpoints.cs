using JobPipeline.Enqueueing;
using JobPipeline.Http.Problems;
using JobPipeline.Http.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Http.Jobs;

/// <summary>The endpoint that enqueues many jobs in one request.</summary>
internal sealed class BatchEndpoints
{
    private readonly JobClient _jobs;
    private readonly TimeProvider _time;
    private readonly ILogger<BatchEndpoints> _log;

    public BatchEndpoints(JobClient jobs, TimeProvider time, ILogger<BatchEndpoints> log) => (_jobs, _time, _log) = (jobs, time, log);

    /// <summary>
    /// <c>POST /api/jobs:batch</c>: enqueues a JSON array, or <c>application/x-ndjson</c> with one <see cref="BatchItem"/> per
    /// line; at most 1,000 items and 16 MiB. If the body can be split into items, the status is 200 whatever the results of the
    /// items: each has its own status, and a generated client needs only one response type. Otherwise the status is 400 and nothing
    /// is enqueued.
    /// </summary>
    public async Task<IResult> SubmitAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (BatchBody.IsLines(request) is not { } isLines)
            return Problem.UnsupportedMediaType();
        if (await BoundedBody.ReadAsync(request, BatchBody.MaxBytes, cancellationToken) is not { } body)
            return Problem.PayloadTooLarge(BatchBody.MaxBytes);
        if (BatchBody.Split(body, isLines, out var error) is not { } items)
            return Problem.InvalidRequest([error]);
        var batch = new Batch(_jobs, _time, _log, items, job => ApiRoutes.OfJob(job).WithKeyOf(request));
        return Results.Json(await batch.RunAsync(cancellationToken), ApiJson.Options);
    }
}
