using JobPipeline.Enqueueing;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Http.Jobs;
using JobPipeline.Http.Problems;
using JobPipeline.Http.Requests;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http.Failures;

/// <summary>The endpoints for dead letters.</summary>
internal sealed class DeadLetterEndpoints
{
    internal const int DefaultLimit = 50;
    internal const int MaxLimit = 200;

    private readonly IDeadLetterStore _deadLetters;
    private readonly DeadLetterPurge _purge;
    private readonly JobClient _jobs;
    private readonly IPayloadStore _payloads;
    private readonly TimeProvider _time;

    public DeadLetterEndpoints(
        IDeadLetterStore deadLetters, DeadLetterPurge purge, JobClient jobs, IPayloadStore payloads, TimeProvider time) =>
        (_deadLetters, _purge, _jobs, _payloads, _time) = (deadLetters, purge, jobs, payloads, time);

    /// <summary>
    /// <c>GET /api/dead-letters</c>: lists dead letters, newest first. Query: the members of <see cref="DeadLetterSelection"/>,
    /// <c>limit</c> (default 50, at most 200), <c>cursor</c>. A page may hold fewer dead letters than requested, even none, without
    /// being the last; continue while there is a <c>nextCursor</c>.
    /// </summary>
    public async Task<IResult> ListAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var query = new QueryReader(request);
        var selection = DeadLetterSelection.Of(query);
        query.Errors.AddRange(selection.Errors());
        var limit = query.Number("limit", DefaultLimit, MaxLimit);
        var before = query.Cursor("cursor");
        return query.Errors.Count > 0
            ? Problem.InvalidRequest(query.Errors)
            : Results.Json(
                DeadLetterListView.Of(
                    await _deadLetters.ListAsync(selection.ToFilter(_time.GetUtcNow()), before, limit, cancellationToken)),
                ApiJson.Options);
    }

    /// <summary>
    /// <c>GET /api/dead-letters/{id}</c>: shows the reason, every attempt, the payload, the original message and the replays of a
    /// dead letter.
    /// </summary>
    public async Task<IResult> GetAsync(string id, CancellationToken cancellationToken)
    {
        if (!JobId.TryParse(id, out var job) || await _deadLetters.ReadAsync(job, cancellationToken) is not { } deadLetter)
            return Problem.DeadLetterNotFound(id);
        var rows = await _jobs.GetAsync(job, cancellationToken);
        var payload = JobMessageReader.Read(deadLetter.Original, deadLetter.At) is MessageReading.Job { Message.Spec: var spec }
            ? await ShownPayload.OfAsync(deadLetter.Id, spec, _payloads, cancellationToken)
            : new ShownPayload(null, "the message is unreadable");
        var replays = await Task.WhenAll(deadLetter.Replays.Select(async replay =>
            ReplayView.Of(replay, (await _jobs.GetAsync(replay.Job, cancellationToken)).Record?.Status.State)));
        return Results.Json(DeadLetterView.Of(deadLetter, payload, rows, replays), ApiJson.Options);
    }

    /// <summary>
    /// <c>DELETE /api/dead-letters/{id}</c>: deletes a dead letter; 204. The job's record stays until its retention ends.
    /// </summary>
    public async Task<IResult> RemoveAsync(HttpRequest request, string id, CancellationToken cancellationToken) =>
        JobId.TryParse(id, out var job) && await _purge.RemoveAsync(job, Caller.Of(request), cancellationToken)
            ? Results.NoContent()
            : Problem.DeadLetterNotFound(id);

    /// <summary>
    /// <c>POST /api/dead-letters:purge</c>: deletes up to 1,000 matching dead letters, newest first; continue while there is a
    /// <c>nextCursor</c>. With <c>dryRun</c>, only counts them. A request without any bound is rejected.
    /// </summary>
    public async Task<IResult> PurgeAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var (body, refusal) = await JsonBody.ReadAsync<PurgeRequest>(request, BulkRequests.MaxBodyBytes, cancellationToken);
        if (refusal is not null)
            return refusal;
        var errors = BulkRequests.ErrorsOf(body!.Filter).ToList();
        if (body.Filter is null or { IsEverything: true })
            errors.Add(new("filter", "must limit what is deleted, for example by 'olderThan'"));
        JobId? before = null;
        if (body.Cursor is { } cursor)
        {
            if (JobCursor.TryRead(cursor, out var next))
                before = next;
            else
                errors.Add(new("cursor", QueryReader.BadCursor));
        }

        if (errors.Count > 0)
            return Problem.InvalidRequest(errors);
        var filter = body.Filter!.ToFilter(_time.GetUtcNow());
        if (body.DryRun)
            return Results.Json(await _purge.CountAsync(filter, cancellationToken), ApiJson.Options);
        var step = await _purge.StepAsync(filter, before, Caller.Of(request), cancellationToken);
        return Results.Json(new PurgeView(step.Removed, step.Next is { } left ? JobCursor.Write(left) : null), ApiJson.Options);
    }
}
