using JobPipeline.Configuration;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Failures.ErrorGroups;
using JobPipeline.Failures.Replays;
using JobPipeline.Handlers;
using JobPipeline.Http.Jobs;
using JobPipeline.Http.Problems;
using JobPipeline.Http.Requests;
using JobPipeline.Jobs;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace JobPipeline.Http.Failures;

/// <summary>The endpoints for error groups.</summary>
internal sealed class ErrorEndpoints
{
    internal const int DefaultLimit = 50;
    private const int MaxBodyBytes = 16 * 1024;

    private readonly IErrorGroupStore _store;
    private readonly ErrorGroupTriage _groups;
    private readonly BulkReplays _replays;
    private readonly string _release;

    public ErrorEndpoints(IErrorGroupStore store, ErrorGroupTriage groups, BulkReplays replays, IOptions<JobPipelineOptions> options) =>
        (_store, _groups, _replays, _release) = (store, groups, replays, options.Value.Release);

    /// <summary>
    /// <c>GET /api/errors</c>: lists error groups, most recently seen first. Query <c>state</c>, <c>type</c>, <c>limit</c> (default
    /// 50, at most 200), <c>cursor</c>. A page may hold fewer groups than requested, even none, without being the last.
    /// </summary>
    public async Task<IResult> ListAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var query = new QueryReader(request);
        var filter = new ErrorGroupFilter { State = query.Word<ErrorGroupState>("state"), JobType = query.Text("type") };
        var limit = query.Number("limit", DefaultLimit, IErrorGroupStore.MaxLimit);
        ErrorGroupPlace? after = null;
        if (query.Text("cursor") is { } cursor && !ErrorCursor.TryRead(cursor, out after))
            query.Errors.Add(new("cursor", "is not a cursor that a list has returned"));
        return query.Errors.Count > 0
            ? Problem.InvalidRequest(query.Errors)
            : Results.Json(ErrorGroupListView.Of(await _store.ListAsync(filter, after, limit, cancellationToken)), ApiJson.Options);
    }

    /// <summary>
    /// <c>GET /api/errors/{id}</c>: shows counts by day, releases, and the newest ten failures with the paths of their jobs.
    /// </summary>
    public Task<IResult> GetAsync(string id, CancellationToken cancellationToken) =>
        ShowAsync(id, () => _store.ReadAsync(id, cancellationToken));

    /// <summary>
    /// <c>POST /api/errors/{id}/resolve</c>, optional body <c>{ "release": "1.4.0" }</c>, by default the release of this instance.
    /// A failure in a later release reopens the group as a regression.
    /// </summary>
    public async Task<IResult> ResolveAsync(HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var (body, refusal) = await ReadAsync<ResolveRequest>(request, cancellationToken);
        return refusal ?? await ShowAsync(
            id, () => _groups.ResolveAsync(id, body?.Release ?? _release, Caller.Of(request), cancellationToken));
    }

    /// <summary><c>POST /api/errors/{id}/ignore</c>: ignores the group; its failures are still counted.</summary>
    public Task<IResult> IgnoreAsync(HttpRequest request, string id, CancellationToken cancellationToken) =>
        ShowAsync(id, () => _groups.IgnoreAsync(id, Caller.Of(request), cancellationToken));

    /// <summary><c>POST /api/errors/{id}/reopen</c>: reopens a resolved or ignored group.</summary>
    public Task<IResult> ReopenAsync(HttpRequest request, string id, CancellationToken cancellationToken) =>
        ShowAsync(id, () => _groups.ReopenAsync(id, Caller.Of(request), cancellationToken));

    /// <summary>
    /// <c>POST /api/errors/{id}/recount</c>: enqueues a job that recounts the failures from the job records. 202 with the path of
    /// that job.
    /// </summary>
    public async Task<IResult> RecountAsync(HttpRequest request, string id, CancellationToken cancellationToken) =>
        ErrorGroup.IsId(id) && await _groups.RecountAsync(id, cancellationToken) is { } job
            ? Accepted(request, job)
            : Problem.ErrorGroupNotFound(id);

    /// <summary>
    /// <c>POST /api/errors/{id}/replay</c>, optional body <c>{ "perSecond": 10, "dryRun": true }</c>: enqueues a job that replays
    /// all dead letters of the group. 202 with the path of that job, or 200 with the counts.
    /// </summary>
    public async Task<IResult> ReplayAsync(HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var (body, refusal) = await ReadAsync<ReplayGroupRequest>(request, cancellationToken);
        if (refusal is not null)
            return refusal;
        return ErrorGroup.IsId(id) && await _store.ReadAsync(id, cancellationToken) is not null
            ? await _replays.AnswerAsync(
                new DeadLetterFilter { ErrorGroup = id },
                body?.PerSecond ?? BulkReplays.DefaultPerSecond,
                body?.DryRun == true,
                request,
                cancellationToken)
            : Problem.ErrorGroupNotFound(id);
    }

    private static async Task<IResult> ShowAsync(string id, Func<Task<ErrorGroup?>> ask) =>
        ErrorGroup.IsId(id) && await ask() is { } group
            ? Results.Json(ErrorGroupView.Of(group), ApiJson.Options)
            : Problem.ErrorGroupNotFound(id);

    private static IResult Accepted(HttpRequest request, JobId job)
    {
        var view = new SubmittedJob(job, ApiRoutes.OfJob(job).WithKeyOf(request), IsDuplicate: false);
        return Results.Json(view, ApiJson.Options, statusCode: StatusCodes.Status202Accepted).WithLocation(ApiRoutes.OfJob(job));
    }

    private static async Task<(T? Body, IResult? Refusal)> ReadAsync<T>(HttpRequest request, CancellationToken cancellationToken)
        where T : class
    {
        if (request.ContentLength > 0 && !request.HasJsonContentType())
            return (null, Problem.UnsupportedMediaType());
        if (await BoundedBody.ReadAsync(request, MaxBodyBytes, cancellationToken) is not { } body)
            return (null, Problem.PayloadTooLarge(MaxBodyBytes));
        var errors = CheckedJson.Read<T>(body, out var value);
        return (value, errors.Count > 0 ? Problem.InvalidRequest(errors) : null);
    }
}
