using JobPipeline.Enqueueing;
using JobPipeline.Handlers;
using JobPipeline.Http.Problems;
using JobPipeline.Http.Requests;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Limits;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http.Jobs;

/// <summary>The endpoints for jobs.</summary>
internal sealed class JobEndpoints
{
    private const string DefaultReason = "cancelled over HTTP";
    private const string NoReason = "no reason given";

    private readonly JobClient _jobs;
    private readonly JobExpediter _expediter;
    private readonly JobRegistry _types;
    private readonly IJobList _list;
    private readonly WaitReasons _waits;
    private readonly IPayloadStore _payloads;
    private readonly TimeProvider _time;

    public JobEndpoints(
        JobClient jobs,
        JobExpediter expediter,
        JobRegistry types,
        IJobList list,
        WaitReasons waits,
        IPayloadStore payloads,
        TimeProvider time) =>
        (_jobs, _expediter, _types, _list, _waits, _payloads, _time) = (jobs, expediter, types, list, waits, payloads, time);

    /// <summary>
    /// <c>POST /api/jobs/{type}</c>: enqueues a job; the body is its payload. Header <c>Idempotency-Key</c>; query <c>delay</c>
    /// (<c>hh:mm:ss</c>), <c>queue</c>, <c>tag</c> (repeatable), <c>correlationId</c>. 202 with the path of the job.
    /// </summary>
    public async Task<IResult> SubmitAsync(HttpRequest request, string type, CancellationToken cancellationToken)
    {
        if (!await _jobs.KnowsAsync(type, cancellationToken))
            return Problem.UnknownJobType(_types.WhyUnknown(type));
        if (request.ContentLength > 0 && !request.HasJsonContentType())
            return Problem.UnsupportedMediaType();
        if (await BoundedBody.ReadAsync(request, JobLimits.MaxPayloadBytes, cancellationToken) is not { } body)
            return Problem.PayloadTooLarge(JobLimits.MaxPayloadBytes);
        var submission = Submission.Of(request, type, body, _time.GetUtcNow(), _jobs);
        if (submission.Errors.Count > 0)
            return Problem.InvalidRequest(submission.Errors);
        try
        {
            var result = await _jobs.EnqueueAsync(submission.Request, cancellationToken);
            return Accepted(new SubmittedJob(result.Id, ApiRoutes.OfJob(result.Id).WithKeyOf(request), result.IsDuplicate), result.Id);
        }
        catch (JobKeyConflictException e)
        {
            return Problem.KeyConflict(e.Message);
        }
    }

    /// <summary>
    /// <c>GET /api/jobs/{id}</c>: shows the state, payload, attempts with their errors, progress, result and children of a job, and
    /// what it is waiting for.
    /// </summary>
    public async Task<IResult> GetAsync(string id, CancellationToken cancellationToken)
    {
        if (!JobId.TryParse(id, out var job) || (await _jobs.GetAsync(job, cancellationToken)) is not { Record: { } record } rows)
            return Problem.JobNotFound(id);
        var result = record.Status.ResultInBlob
            ? await _payloads.ReadAsync(PayloadName.Result(job), cancellationToken)
            : record.Status.Result;
        var waits = await _waits.ExplainAsync(record, cancellationToken);
        var children = await _list.ListChildrenAsync(job, JobView.MaxChildren + 1, cancellationToken);
        var view = JobView.Of(rows, _types.Find(record.Spec.Type), ShownPayload.Of(record), result ?? default, waits, children);
        return Results.Json(view, ApiJson.Options);
    }

    /// <summary>
    /// <c>POST /api/jobs/{id}/cancel</c>: cancels a waiting job, or requests a running one to stop; the response states which. 409
    /// for a job that has ended otherwise.
    /// </summary>
    public async Task<IResult> CancelAsync(HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (!JobId.TryParse(id, out var job))
            return Problem.JobNotFound(id);
        var (cancel, refusal) = await JsonBody.ReadAsync<CancelRequest>(request, JobLimits.MaxMessageBytes, cancellationToken);
        if (refusal is not null)
            return refusal;
        return await _jobs.CancelAsync(job, cancel?.Reason ?? DefaultReason, cancellationToken) switch
        {
            CancelOutcome.NotFound => Problem.JobNotFound(id),
            CancelOutcome.AlreadyEnded => Problem.AlreadyEnded(id),
            var outcome => Accepted(new CancelView(job, ApiRoutes.OfJob(job).WithKeyOf(request), outcome), job),
        };
    }

    /// <summary>
    /// <c>POST /api/jobs/{id}/run-now</c>, optional body <c>{ "reason": "..." }</c>: starts a waiting job whatever its limits, pauses and
    /// due time. 409 for a job that is running or has ended.
    /// </summary>
    public async Task<IResult> RunNowAsync(HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (!JobId.TryParse(id, out var job))
            return Problem.JobNotFound(id);
        var (asked, refusal) = await JsonBody.ReadAsync<RunNowRequest>(request, JobLimits.MaxMessageBytes, cancellationToken);
        if (refusal is not null)
            return refusal;
        return await _expediter.ExpediteAsync(job, Caller.Of(request), asked?.Reason ?? NoReason, cancellationToken) switch
        {
            ExpediteOutcome.NotFound => Problem.JobNotFound(id),
            ExpediteOutcome.AlreadyEnded => Problem.NotWaiting(id, "has ended"),
            ExpediteOutcome.AlreadyRunning => Problem.NotWaiting(id, "is running already"),
            _ => Accepted(new RunNowView(job, ApiRoutes.OfJob(job).WithKeyOf(request)), job),
        };
    }

    private static IResult Accepted<TView>(TView view, JobId id) =>
        Results.Json(view, ApiJson.Options, statusCode: StatusCodes.Status202Accepted).WithLocation(ApiRoutes.OfJob(id));
}
