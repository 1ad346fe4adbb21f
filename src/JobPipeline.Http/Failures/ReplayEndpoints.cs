using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using JobPipeline.Failures.Replays;
using JobPipeline.Http.Problems;
using JobPipeline.Http.Requests;
using JobPipeline.Jobs;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http.Failures;

/// <summary>The body of a request to replay; may be left out.</summary>
/// <param name="Payload">In place of the letter's own; null: its own.</param>
/// <param name="Type">The job type in place of the letter's own.</param>
/// <param name="Force">True: once more, although it was replayed.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ReplayBody(JsonElement? Payload = null, string? Type = null, bool Force = false);

/// <summary>The answer: the new job.</summary>
/// <param name="ReplayOf">The dead letter.</param>
public sealed record ReplayedView(JobId Id, string Location, JobId ReplayOf);

/// <summary>Replays over HTTP.</summary>
public sealed class ReplayEndpoints
{
    private const int MaxBodyBytes = JobLimits.MaxPayloadBytes + (16 * 1024);

    private readonly Replayer _replayer;
    private readonly BulkReplays _bulk;
    private readonly TimeProvider _time;

    public ReplayEndpoints(Replayer replayer, BulkReplays bulk, TimeProvider time) => (_replayer, _bulk, _time) = (replayer, bulk, time);

    /// <summary>
    /// <c>POST /api/dead-letters/{id}/replay</c>: 202 with the new job. 409 for a letter that was replayed, unless forced; 422
    /// for one that has to be edited first.
    /// </summary>
    public async Task<IResult> ReplayAsync(HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (!JobId.TryParse(id, out var letter))
            return Problem.DeadLetterNotFound(id);
        var (body, refusal) = await JsonBody.ReadAsync<ReplayBody>(request, MaxBodyBytes, cancellationToken);
        if (refusal is not null)
            return refusal;
        var wish = new ReplayRequest(letter, Caller.Of(request)) { Type = body!.Type, Payload = PayloadOf(body), IsForced = body.Force };
        return await _replayer.ReplayAsync(wish, cancellationToken) switch
        {
            ReplayOutcome.Replayed { Job: var job } =>
                Results.Json(
                    new ReplayedView(job, ApiRoutes.OfJob(job).WithKeyOf(request), letter),
                    ApiJson.Options,
                    statusCode: StatusCodes.Status202Accepted).WithLocation(ApiRoutes.OfJob(job)),
            ReplayOutcome.AlreadyReplayed { Replay: var replay } => Problem.AlreadyReplayed(replay),
            ReplayOutcome.BeingReplayed { Replay: var replay, Until: var until } => Problem.BeingReplayed(replay, until),
            ReplayOutcome.Refused { Faults: var faults } => Problem.NotReplayable(faults),
            _ => Problem.DeadLetterNotFound(id),
        };
    }

    /// <summary>
    /// <c>POST /api/dead-letters:replay</c>: enqueues a job that replays what the filter matches, at a rate, and answers 202
    /// with it; with <c>dryRun</c>, 200 with how many that would be.
    /// </summary>
    public async Task<IResult> ReplayManyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var (wish, refusal) = await JsonBody.ReadAsync<BulkReplayRequest>(request, BulkRequests.MaxBodyBytes, cancellationToken);
        if (refusal is not null)
            return refusal;
        var selection = wish!.Filter ?? new DeadLetterSelection();
        var faults = BulkRequests.FaultsOf(selection).ToList();
        if (selection.Replayed is true)
            faults.Add(new("filter.replayed", "letters that were replayed are replayed again one by one only"));
        return faults.Count > 0
            ? Problem.InvalidRequest(faults)
            : await _bulk.AnswerAsync(selection.ToFilter(_time.GetUtcNow()), wish.PerSecond, wish.DryRun, request, cancellationToken);
    }

    private static ReadOnlyMemory<byte>? PayloadOf(ReplayBody body)
    {
        if (body.Payload is not { } payload)
            return null;
        return JsonMarshal.GetRawUtf8Value(payload).ToArray();
    }
}
