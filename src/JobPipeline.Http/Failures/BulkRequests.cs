using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Failures.Replays;
using JobPipeline.Http.Requests;
using JobPipeline.Jobs;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http.Failures;

/// <summary>The body of a request to replay many dead letters.</summary>
/// <param name="Filter">Which dead letters to replay; already replayed ones are skipped. Absent: all.</param>
/// <param name="PerSecond">The maximum number of replays per second, 1 to 1,000. The default is 10.</param>
/// <param name="DryRun">Whether to only count the dead letters.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record BulkReplayRequest(
    DeadLetterSelection? Filter = null,
    [property: Range(1, BulkReplays.MaxPerSecond)] int PerSecond = BulkReplays.DefaultPerSecond,
    bool DryRun = false);

/// <summary>The response to a bulk replay: the job that replays the dead letters.</summary>
internal sealed record BulkReplayView(JobId Id, string Location);

/// <summary>The body of a request to purge dead letters.</summary>
/// <param name="Filter">Which dead letters to delete; at least one member is required.</param>
/// <param name="DryRun">Whether to only count the dead letters.</param>
/// <param name="Cursor">The <c>nextCursor</c> of the previous response.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PurgeRequest(DeadLetterSelection? Filter = null, bool DryRun = false, string? Cursor = null);

/// <summary>The response to a purge request.</summary>
/// <param name="Removed">The number of dead letters deleted.</param>
/// <param name="NextCursor">
/// Present if there may be more: repeat the request with this value as its <c>cursor</c>. Absent after the last one.
/// </param>
internal sealed record PurgeView(int Removed, string? NextCursor);

/// <summary>Shared parts of the requests that act on many dead letters.</summary>
internal static class BulkRequests
{
    public const int MaxBodyBytes = 16 * 1024;

    public static IEnumerable<ValidationError> ErrorsOf(DeadLetterSelection? selection) =>
        selection?.Errors().Select(error => error.Within("filter")) ?? [];

    /// <summary>Counts the dead letters (200 with the counts) or starts the replay job (202 with the job).</summary>
    public static async Task<IResult> AnswerAsync(
        this BulkReplays replays,
        DeadLetterFilter filter,
        int perSecond,
        bool isDry,
        HttpRequest request,
        CancellationToken cancellationToken)
    {
        if (isDry)
            return Results.Json(await replays.CountAsync(filter, cancellationToken), ApiJson.Options);
        var job = await replays.StartAsync(filter, perSecond, Caller.Of(request), cancellationToken);
        var view = new BulkReplayView(job, ApiRoutes.OfJob(job).WithKeyOf(request));
        return Results.Json(view, ApiJson.Options, statusCode: StatusCodes.Status202Accepted).WithLocation(ApiRoutes.OfJob(job));
    }
}
