namespace JobPipeline.Jobs;

/// <summary>Lists jobs by creation time and properties, newest first.</summary>
public interface IJobList
{
    /// <summary>
    /// Gets the next jobs older than <paramref name="before"/>, at most <paramref name="limit"/> (1 to <see cref="MaxLimit"/>).
    /// The work of one call is bounded: where few jobs match, it returns fewer jobs than requested, or none, and the position to
    /// continue from. Every call that returns a <see cref="JobPage.Next"/> has advanced by at least one job or one hour.
    /// </summary>
    /// <param name="filter">The filter.</param>
    /// <param name="before">The position at which an earlier page ended; null starts at the newest job.</param>
    /// <param name="limit">The maximum number of jobs to return.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    Task<JobPage> ListAsync(JobFilter filter, JobId? before, int limit, CancellationToken cancellationToken);

    /// <summary>Gets the jobs that the parent's handler enqueued, oldest first, at most <paramref name="max"/> (1 to 1,000).</summary>
    Task<IReadOnlyList<JobSummary>> ListChildrenAsync(JobId parent, int max, CancellationToken cancellationToken);

    /// <summary>The maximum number of jobs on a page.</summary>
    const int MaxLimit = 200;
}

/// <summary>
/// A filter for listing jobs. Times refer to the timestamps in the job ids: when a job was enqueued, or its message was sent by a
/// foreign producer.
/// </summary>
/// <param name="From">The earliest time, inclusive.</param>
/// <param name="To">The latest time, exclusive.</param>
/// <param name="State">The state; null matches any.</param>
/// <param name="Type">The job type; null matches any.</param>
/// <param name="Tag">The tag; null matches jobs with any tag or none.</param>
public sealed record JobFilter(DateTimeOffset From, DateTimeOffset To, JobState? State = null, string? Type = null, string? Tag = null)
{
    /// <summary>Whether the job matches the filter's state, type and tag; times are not compared.</summary>
    public bool Matches(JobSummary job) =>
        (State is null || job.State == State)
        && (Type is null || job.Type == Type)
        && (Tag is null || job.Tags.Contains(Tag, StringComparer.Ordinal));
}

/// <summary>A page of a job list.</summary>
/// <param name="Jobs">The jobs, newest first.</param>
/// <param name="Next">The value to pass as <c>before</c> to get the next page; null when there are no more jobs.</param>
public sealed record JobPage(IReadOnlyList<JobSummary> Jobs, JobId? Next);
