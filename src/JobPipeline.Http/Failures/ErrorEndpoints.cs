using JobPipeline.Configuration;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Failures.ErrorGroups;
using JobPipeline.Failures.Replays;
using JobPipeline.Handlers;
using JobPipeline.Http.Jobs;
using JobPipeline.Http.Problems;
using JobPipeline.Http.Requests;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace JobPipeline.Http.Failures;

/// <summary>Error groups over HTTP.</summary>
public sealed class ErrorEndpoints
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
    /// <c>GET /api/errors</c>: the last seen first. Query <c>state</c>, <c>type</c>, <c>limit</c> (default 50, at most 200),
    /// <c>cursor</c>. A page may hold fewer groups than asked for, even none, and still not be the last.
    /// </summary>
    public async Task<IResult> ListAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var query = new QueryReader(request);
        var filter = new ErrorGroupFilter { State = query.Word<ErrorGroupState>("state"), JobType = query.Text("type") };
        var limit = query.Number("limit", DefaultLimit, IErrorGroupStore.MaxLimit);
        ErrorGroupPlace? after = null;
        if (query.Text("cursor") is { } cursor && !ErrorCursor.TryRead(cursor, out after))
            query.Faults.Add(new("cursor", "is none that a list has given"));
        return query.Faults.Count > 0
            ? Problem.InvalidRequest(query.Faults)
            : Results.Json(ErrorGroupListView.Of(await _store.ListAsync(filter, after, limit, cancellationToken)), ApiJson.Options);
    }

    /// <summary><c>GET /api/errors/{id}</c>: counts by day, releases, and the newest ten failures with the addresses of their jobs.</summary>
    public Task<IResult> GetAsync(string id, CancellationToken cancellationToken) => ShowAsync(id, () => _store.ReadAsync(id, cancellationToken));

    /// <summary>
    /// <c>POST /api/errors/{id}/resolve</c>, body optional: <c>{ "release": "1.4.0" }</c>, by default the release that answers. Seen in a
    /// later release, it is open again as a regression.
    /// </summary>
    public async Task<IResult> ResolveAsync(HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var (wish, fault) = await ReadAsync<ResolveRequest>(request, cancellationToken);
        return fault ?? await ShowAsync(id, () => _groups.ResolveAsync(id, wish?.Release ?? _release, Caller.Of(request), cancellationToken));
    }

    /// <summary><c>POST /api/errors/{id}/ignore</c>: counted, and no more.</summary>
    public Task<IResult> IgnoreAsync(HttpRequest request, string id, CancellationToken cancellationToken) =>
        ShowAsync(id, () => _groups.IgnoreAsync(id, Caller.Of(request), cancellationToken));

    /// <summary><c>POST /api/errors/{id}/reopen</c>: takes back what was said of it.</summary>
    public Task<IResult> ReopenAsync(HttpRequest request, string id, CancellationToken cancellationToken) =>
        ShowAsync(id, () => _groups.ReopenAsync(id, Caller.Of(request), cancellationToken));

    /// <summary><c>POST /api/errors/{id}/recount</c>: a job counts its failures again, from what is on record. Answers 202 with the job's address.</summary>
    public async Task<IResult> RecountAsync(HttpRequest request, string id, CancellationToken cancellationToken) =>
        ErrorGroup.IsId(id) && await _groups.RecountAsync(id, cancellationToken) is { } job
            ? Accepted(request, job)
            : Problem.ErrorGroupNotFound(id);

    /// <summary>
    /// <c>POST /api/errors/{id}/replay</c>, body optional: <c>{ "perSecond": 10, "dryRun": true }</c>. A job replays all dead letters of the
    /// group. Answers 202 with the job's address, or 200 with how many there are.
    /// </summary>
    public async Task<IResult> ReplayAsync(HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var (wish, fault) = await ReadAsync<ReplayGroupRequest>(request, cancellationToken);
        if (fault is not null)
            return fault;
        return ErrorGroup.IsId(id) && await _store.ReadAsync(id, cancellationToken) is not null
            ? await _replays.AnswerAsync(
                new DeadLetterFilter { ErrorGroup = id }, wish?.PerSecond ?? BulkReplays.DefaultPerSecond, wish?.DryRun == true, request, cancellationToken)
            : Problem.ErrorGroupNotFound(id);
    }

    private static async Task<IResult> ShowAsync(string id, Func<Task<ErrorGroup?>> ask) =>
        ErrorGroup.IsId(id) && await ask() is { } group ? Results.Json(ErrorGroupView.Of(group), ApiJson.Options) : Problem.ErrorGroupNotFound(id);

    private static IResult Accepted(HttpRequest request, JobId job)
    {
        var view = new SubmittedJob(job, ApiRoutes.OfJob(job).WithKeyOf(request), IsDuplicate: false);
        return Results.Json(view, ApiJson.Options, statusCode: StatusCodes.Status202Accepted).WithLocation(ApiRoutes.OfJob(job));
    }

    private static async Task<(T? Wish, IResult? Fault)> ReadAsync<T>(HttpRequest request, CancellationToken cancellationToken)
        where T : class
    {
        if (request.ContentLength > 0 && !request.HasJsonContentType())
            return (null, Problem.UnsupportedMediaType());
        if (await BoundedBody.ReadAsync(request, MaxBodyBytes, cancellationToken) is not { } body)
            return (null, Problem.PayloadTooLarge(MaxBodyBytes));
        var faults = CheckedJson.Read<T>(body, out var wish);
        return (wish, faults.Count > 0 ? Problem.InvalidRequest(faults) : null);
    }
}
