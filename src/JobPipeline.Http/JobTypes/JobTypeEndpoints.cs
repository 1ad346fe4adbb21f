using JobPipeline.Enqueueing;
using JobPipeline.Handlers;
using JobPipeline.Http.Limits;
using JobPipeline.Http.Problems;
using JobPipeline.Limits.Pauses;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http.JobTypes;

/// <summary>Job types over HTTP.</summary>
public sealed class JobTypeEndpoints
{
    private readonly JobRegistry _types;
    private readonly PauseRegistry _pauses;
    private readonly JobClient _jobs;
    private readonly PauseRequests _requests;

    public JobTypeEndpoints(JobRegistry types, PauseRegistry pauses, JobClient jobs) =>
        (_types, _pauses, _jobs, _requests) = (types, pauses, jobs, new PauseRequests(pauses));

    /// <summary><c>GET /api/job-types</c>: what this instance can run, with the policies in force, and whether it is paused.</summary>
    public async Task<IResult> ListAsync(CancellationToken cancellationToken)
    {
        await _pauses.RefreshAsync(cancellationToken);
        return Results.Json(
            new JobTypeListView([.. _types.All.Select(type => JobTypeView.Of(type, PauseView.Of(_pauses.Find(PauseTarget.JobType, type.Type))))]), ApiJson.Options);
    }

    /// <summary>
    /// <c>POST /api/job-types/{type}/pause</c>, body optional: <c>{ "reason": "..." }</c>. No job of the type is started until
    /// it is resumed; every instance knows within seconds. What is running goes on.
    /// </summary>
    public async Task<IResult> PauseAsync(HttpRequest request, string type, CancellationToken cancellationToken) =>
        await _jobs.KnowsAsync(type, cancellationToken)
            ? await _requests.PauseAsync(request, PauseTarget.JobType, type, cancellationToken)
            : Problem.UnknownJobType(_types.WhyUnknown(type));

    /// <summary>
    /// <c>POST /api/job-types/{type}/resume</c>. Nothing happens when it is not paused. A type that is registered no more
    /// can still be resumed.
    /// </summary>
    public async Task<IResult> ResumeAsync(HttpRequest request, string type, CancellationToken cancellationToken)
    {
        if (_types.Find(type) is null)
            await _pauses.RefreshAsync(cancellationToken);
        return _pauses.Find(PauseTarget.JobType, type) is not null || await _jobs.KnowsAsync(type, cancellationToken)
            ? await _requests.ResumeAsync(request, PauseTarget.JobType, type, cancellationToken)
            : Problem.UnknownJobType(_types.WhyUnknown(type));
    }
}
