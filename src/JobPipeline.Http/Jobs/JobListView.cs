using JobPipeline.Jobs;

namespace JobPipeline.Http.Jobs;

/// <summary>A page of jobs.</summary>
/// <param name="Jobs">The jobs, newest first.</param>
/// <param name="NextCursor">
/// The <c>cursor</c> of the next page, to be sent with an otherwise unchanged query; absent on the last page.
/// </param>
internal sealed record JobListView(IReadOnlyList<JobSummary> Jobs, string? NextCursor)
{
    internal static JobListView Of(JobPage page) => new(page.Jobs, page.Next is { } next ? JobCursor.Write(next) : null);
}
