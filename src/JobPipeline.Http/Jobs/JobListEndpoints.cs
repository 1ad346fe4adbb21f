using JobPipeline.Configuration;
using JobPipeline.Http.Problems;
using JobPipeline.Http.Requests;
using JobPipeline.Jobs;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace JobPipeline.Http.Jobs;

/// <summary>The endpoint that lists jobs.</summary>
internal sealed class JobListEndpoints
{
    internal const int DefaultLimit = 50;

    private readonly IJobList _list;
    private readonly TimeProvider _time;
    private readonly JobPipelineOptions _options;

    public JobListEndpoints(IJobList list, TimeProvider time, IOptions<JobPipelineOptions> options) =>
        (_list, _time, _options) = (list, time, options.Value);

    /// <summary>
    /// <c>GET /api/jobs</c>: lists jobs, newest first. Query <c>state</c>, <c>type</c>, <c>tag</c>, <c>from</c> (default: the start
    /// of the retention period), <c>to</c>, <c>limit</c> (default 50, at most 200), <c>cursor</c>. A page may hold fewer jobs than
    /// requested, even none, without being the last; continue while there is a <c>nextCursor</c>.
    /// </summary>
    public async Task<IResult> ListAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var query = new QueryReader(request);
        var now = _time.GetUtcNow();
        var filter = new JobFilter(
            query.Time("from") ?? now - _options.Retention,
            // Ids may come from a clock that is ahead of ours.
            query.Time("to") ?? now + JobLimits.MaxClockSkew,
            query.Word<JobState>("state"),
            query.Text("type"),
            query.Text("tag"));
        var limit = query.Number("limit", DefaultLimit, IJobList.MaxLimit);
        var before = query.Cursor("cursor");
        return query.Errors.Count > 0
            ? Problem.InvalidRequest(query.Errors)
            : Results.Json(JobListView.Of(await _list.ListAsync(filter, before, limit, cancellationToken)), ApiJson.Options);
    }
}
