using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using JobPipeline.Failures.Replays;
using JobPipeline.Http.Problems;
using JobPipeline.Http.Requests;
using JobPipeline.Jobs;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http.Failures;

/// <summary>The optional body of a request to replay a dead letter.</summary>
/// <param name="Payload">A payload that replaces the dead letter's own; absent: its own.</param>
/// <param name="Type">A job type that replaces the dead letter's own; absent: its own.</param>
/// <param name="Force">Whether to replay a dead letter that was already replayed.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ReplayBody(JsonElement? Payload = null, string? Type = null, bool Force = false);

/// <summary>The response to a replay: the new job.</summary>
/// <param name="ReplayOf">The dead letter.</param>
internal sealed record ReplayedView(JobId Id, string Location, JobId ReplayOf);

/// <summary>The endpoints for replays.</summary>
internal sealed class ReplayEndpoints
{
    private const int MaxBodyBytes = JobLimits.MaxPayloadBytes + (16 * 1024);

    private readonly Replayer _replayer;
    private readonly BulkReplays _bulk;
    private readonly TimeProvider _time;

    public ReplayEndpoints(Replayer replayer, BulkReplays bulk, TimeProvider time) => (_replayer, _bulk, _time) = (replayer, bulk, time);

    /// <summary>
    /// <c>POST /api/dead-letters/{id}/replay</c>: replays a dead letter; 202 with the new job. 409 if it was already replayed,
    /// unless forced; 422 if its type or payload must be changed first.
    /// </summary>
    public async Task<IResult> ReplayAsync(HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (!JobId.TryParse(id, out var deadLetter))
            return Problem.DeadLetterNotFound(id);
        var (body, refusal) = await JsonBody.ReadAsync<ReplayBody>(request, MaxBodyBytes, cancellationToken);
        if (refusal is not null)
            return refusal;
        var replay = new ReplayRequest(deadLetter, Caller.Of(request))
        {
            Type = body!.Type,
            Payload = PayloadOf(body),
            IsForced = body.Force,
        };
        return await _replayer.ReplayAsync(replay, cancellationToken) switch
        {
            ReplayOutcome.Replayed { Job: var job } =>
                Results.Json(
                    new ReplayedView(job, ApiRoutes.OfJob(job).WithKeyOf(request), deadLetter),
                    ApiJson.Options,
                    statusCode: StatusCodes.Status202Accepted).WithLocation(ApiRoutes.OfJob(job)),
            ReplayOutcome.AlreadyReplayed { Replay: var existing } => Problem.AlreadyReplayed(existing),
            ReplayOutcome.BeingReplayed { Replay: var current, Until: var until } => Problem.BeingReplayed(current, until),
            ReplayOutcome.Refused { Errors: var errors } => Problem.NotReplayable(errors),
            _ => Problem.DeadLetterNotFound(id),
        };
    }

    /// <summary>
    /// <c>POST /api/dead-letters:replay</c>: enqueues a job that replays the matching dead letters at a limited rate; 202 with that
    /// job. With <c>dryRun</c>, 200 with the counts.
    /// </summary>
    public async Task<IResult> ReplayManyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var (body, refusal) = await JsonBody.ReadAsync<BulkReplayRequest>(request, BulkRequests.MaxBodyBytes, cancellationToken);
        if (refusal is not null)
            return refusal;
        var selection = body!.Filter ?? new DeadLetterSelection();
        var errors = BulkRequests.ErrorsOf(selection).ToList();
        if (selection.Replayed is true)
            errors.Add(new("filter.replayed", "must not be true: replay an already replayed dead letter again by its id, with 'force'"));
        return errors.Count > 0
            ? Problem.InvalidRequest(errors)
            : await _bulk.AnswerAsync(selection.ToFilter(_time.GetUtcNow()), body.PerSecond, body.DryRun, request, cancellationToken);
    }

    private static ReadOnlyMemory<byte>? PayloadOf(ReplayBody body)
    {
        if (body.Payload is not { } payload)
            return null;
        return JsonMarshal.GetRawUtf8Value(payload).ToArray();
    }
}
