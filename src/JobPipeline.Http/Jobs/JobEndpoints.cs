using System.Globalization;
using JobPipeline.Handlers;
using JobPipeline.Http.Problems;
using JobPipeline.Jobs;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http.Jobs;

/// <summary>Jobs over HTTP.</summary>
public sealed class JobEndpoints
{
    private const string IdempotencyKey = "Idempotency-Key";

    private readonly JobClient _jobs;
    private readonly JobRegistry _types;
    private readonly IPayloadStore _payloads;
    private readonly TimeProvider _time;

    public JobEndpoints(JobClient jobs, JobRegistry types, IPayloadStore payloads, TimeProvider time) =>
        (_jobs, _types, _payloads, _time) = (jobs, types, payloads, time);

    /// <summary>
    /// <c>POST /api/jobs/{type}</c>: the body is the payload. Header <c>Idempotency-Key</c>; query <c>delay</c> (<c>hh:mm:ss</c>),
    /// <c>queue</c>, <c>tag</c> (repeatable), <c>correlationId</c>. Answers 202 with the job's address.
    /// </summary>
    public async Task<IResult> SubmitAsync(HttpRequest request, string type, CancellationToken cancellationToken)
    {
        if (_types.Find(type) is not { } descriptor)
            return Problem.UnknownJobType(_types.WhyUnknown(type));
        if (request.ContentLength > 0 && !request.HasJsonContentType())
            return Problem.UnsupportedMediaType();
        if (await BoundedBody.ReadAsync(request, JobLimits.MaxPayloadBytes, cancellationToken) is not { } body)
            return Problem.PayloadTooLarge(JobLimits.MaxPayloadBytes);
        try
        {
            descriptor.Check(body);
            var result = await _jobs.EnqueueAsync(RequestOf(request, type, body), cancellationToken);
            return Results.Json(
                new SubmittedJob(result.Id, ApiRoutes.OfJob(result.Id), result.IsDuplicate), JobJson.Options, statusCode: StatusCodes.Status202Accepted)
                .WithLocation(ApiRoutes.OfJob(result.Id));
        }
        catch (Exception e) when (e is MessageFormatException or JobRejectedException)
        {
            return Problem.InvalidRequest(e.Message);
        }
        catch (JobKeyConflictException e)
        {
            return Problem.KeyConflict(e.Message);
        }
    }

    /// <summary><c>GET /api/jobs/{id}</c>: state, attempts with their errors, progress, result.</summary>
    public async Task<IResult> GetAsync(string id, CancellationToken cancellationToken)
    {
        if (!JobId.TryParse(id, out var job) || (await _jobs.GetAsync(job, cancellationToken)) is not { Record: { } record } rows)
            return Problem.JobNotFound(id);
        var result = record.Status.ResultInBlob ? await _payloads.ReadAsync(PayloadName.Result(job), cancellationToken) : record.Status.Result;
        return Results.Json(JobView.Of(rows, record, result ?? default), JobJson.Options);
    }

    /// <exception cref="MessageFormatException">A header or query value does not fit.</exception>
    private JobRequest RequestOf(HttpRequest request, string type, ReadOnlyMemory<byte> body) => new()
    {
        Type = type,
        Payload = body,
        Queue = request.Query["queue"].FirstOrDefault(),
        Key = request.Headers[IdempotencyKey].FirstOrDefault(),
        NotBefore = request.Query["delay"].FirstOrDefault() is { } delay ? _time.GetUtcNow() + Delay(delay) : null,
        Tags = [.. request.Query["tag"].Select(tag => tag ?? "")],
        CorrelationId = request.Query["correlationId"].FirstOrDefault(),
    };

    private static TimeSpan Delay(string text) =>
        TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var delay) && delay >= TimeSpan.Zero && delay <= JobLimits.MaxDelay
            ? delay
            : throw new MessageFormatException($"'delay' must be a duration such as 00:10:00, at most {JobLimits.MaxDelay:c}");
}
