using JobPipeline.Jobs;

namespace JobPipeline.Http.Jobs;

/// <summary>The API representation of a job that another job enqueued.</summary>
internal sealed record ChildView(JobId Id, string Type, JobState State, string Location)
{
    internal static ChildView Of(JobSummary child) => new(child.Id, child.Type, child.State, ApiRoutes.OfJob(child.Id));
}
