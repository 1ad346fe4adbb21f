using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Failures.Replays;
using JobPipeline.Http.Requests;
using JobPipeline.Jobs;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http.Failures;

/// <summary>The body of a request to replay many dead letters.</summary>
/// <param name="Filter">Which ones; those that were replayed are passed over. Left out: all.</param>
/// <param name="PerSecond">Most replays a second, 1 to 1,000. Default 10.</param>
/// <param name="DryRun">True: only count.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record BulkReplayRequest(
    DeadLetterSelection? Filter = null, [property: Range(1, BulkReplays.MaxPerSecond)] int PerSecond = BulkReplays.DefaultPerSecond, bool DryRun = false);

/// <summary>The answer: a job that goes through the letters.</summary>
public sealed record BulkReplayView(JobId Id, string Location);

/// <summary>The body of a request to purge.</summary>
/// <param name="Filter">Which ones; at least one member.</param>
/// <param name="DryRun">True: only count.</param>
/// <param name="Cursor">The nextCursor of the answer before.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PurgeRequest(DeadLetterSelection? Filter = null, bool DryRun = false, string? Cursor = null);

/// <summary>The answer to a request to purge.</summary>
/// <param name="Removed">How many letters it removed.</param>
/// <param name="NextCursor">There may be more: send the request again with this as its <c>cursor</c>. Absent: that were all.</param>
public sealed record PurgeView(int Removed, string? NextCursor);

/// <summary>What requests over many dead letters have in common.</summary>
internal static class BulkRequests
{
    public const int MaxBodyBytes = 16 * 1024;

    public static IEnumerable<FieldFault> FaultsOf(DeadLetterSelection? selection) => selection?.Faults().Select(fault => fault.Within("filter")) ?? [];

    /// <summary>Counts, or starts the job: 200 with the counts, or 202 with the job.</summary>
    public static async Task<IResult> AnswerAsync(
        this BulkReplays replays, DeadLetterFilter filter, int perSecond, bool isDry, HttpRequest request, CancellationToken cancellationToken)
    {
        if (isDry)
            return Results.Json(await replays.CountAsync(filter, cancellationToken), ApiJson.Options);
        var job = await replays.StartAsync(filter, perSecond, Caller.Of(request), cancellationToken);
        var view = new BulkReplayView(job, ApiRoutes.OfJob(job).WithKeyOf(request));
        return Results.Json(view, ApiJson.Options, statusCode: StatusCodes.Status202Accepted).WithLocation(ApiRoutes.OfJob(job));
    }
}
