using JobPipeline.Enqueueing;
using JobPipeline.Handlers;
using JobPipeline.Http.Limits;
using JobPipeline.Http.Problems;
using JobPipeline.Limits.Pauses;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http.JobTypes;

/// <summary>The endpoints for job types.</summary>
internal sealed class JobTypeEndpoints
{
    private readonly JobRegistry _types;
    private readonly PauseRegistry _pauses;
    private readonly JobClient _jobs;
    private readonly PauseRequests _requests;

    public JobTypeEndpoints(JobRegistry types, PauseRegistry pauses, JobClient jobs) =>
        (_types, _pauses, _jobs, _requests) = (types, pauses, jobs, new PauseRequests(pauses));

    /// <summary>
    /// <c>GET /api/job-types</c>: lists the job types that this instance can run, with their policies in force, and whether they
    /// are paused.
    /// </summary>
    public async Task<IResult> ListAsync(CancellationToken cancellationToken)
    {
        await _pauses.RefreshAsync(cancellationToken);
        return Results.Json(
            new JobTypeListView(
                [.. _types.All.Select(type => JobTypeView.Of(type, PauseView.Of(_pauses.Find(PauseTarget.JobType, type.Type))))]),
            ApiJson.Options);
    }

    /// <summary>
    /// <c>POST /api/job-types/{type}/pause</c>, optional body <c>{ "reason": "..." }</c>. No instance starts jobs of the type until
    /// it is resumed; other instances notice within seconds. Running jobs continue.
    /// </summary>
    public async Task<IResult> PauseAsync(HttpRequest request, string type, CancellationToken cancellationToken) =>
        await _jobs.KnowsAsync(type, cancellationToken)
            ? await _requests.PauseAsync(request, PauseTarget.JobType, type, cancellationToken)
            : Problem.UnknownJobType(_types.WhyUnknown(type));

    /// <summary>
    /// <c>POST /api/job-types/{type}/resume</c>: resumes the job type. Has no effect if it is not paused. A type that is no longer
    /// registered can still be resumed.
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
