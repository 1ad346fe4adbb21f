using JobPipeline.Jobs;

namespace JobPipeline.Http.Jobs;

/// <summary>A page of a list.</summary>
/// <param name="Jobs">Newest first.</param>
/// <param name="NextCursor">Send it as <c>cursor</c>, with the rest of the query as it was, for the next page; absent: this is the last.</param>
public sealed record JobListView(IReadOnlyList<JobSummary> Jobs, string? NextCursor)
{
    internal static JobListView Of(JobPage page) => new(page.Jobs, page.Next is { } next ? JobCursor.Write(next) : null);
}
