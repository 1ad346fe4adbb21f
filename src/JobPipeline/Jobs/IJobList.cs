namespace JobPipeline.Jobs;

/// <summary>Finds jobs by when they were made and what they are, newest first.</summary>
public interface IJobList
{
    /// <summary>
    /// The next jobs older than <paramref name="before"/>, at most <paramref name="limit"/> (1 to <see cref="MaxLimit"/>). The
    /// work of one call is bounded: where little matches, it returns fewer jobs than asked for, or none, and says from where to
    /// go on. Every call that returns a <see cref="JobPage.Next"/> has come at least one job, or one hour, further.
    /// </summary>
    /// <param name="filter">Which jobs.</param>
    /// <param name="before">Where an earlier page ended; null: at the newest.</param>
    /// <param name="limit">Most jobs to return.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<JobPage> ListAsync(JobFilter filter, JobId? before, int limit, CancellationToken cancellationToken);

    /// <summary>The jobs that the parent's handler enqueued, oldest first; at most <paramref name="max"/> (1 to 1,000).</summary>
    Task<IReadOnlyList<JobSummary>> ListChildrenAsync(JobId parent, int max, CancellationToken cancellationToken);

    /// <summary>Most jobs on a page.</summary>
    const int MaxLimit = 200;
}

/// <summary>Which jobs to list. Times are those in the job ids: when a job was enqueued, or its message dropped.</summary>
/// <param name="From">Not older than this.</param>
/// <param name="To">Older than this.</param>
/// <param name="State">In this state; null: in any.</param>
/// <param name="Type">Of this type; null: of any.</param>
/// <param name="Tag">With this tag; null: with any or none.</param>
public sealed record JobFilter(DateTimeOffset From, DateTimeOffset To, JobState? State = null, string? Type = null, string? Tag = null)
{
    /// <summary>What the times leave open.</summary>
    public bool Matches(JobSummary job) =>
        (State is null || job.State == State)
        && (Type is null || job.Type == Type)
        && (Tag is null || job.Tags.Contains(Tag, StringComparer.Ordinal));
}

/// <summary>Some jobs of a list.</summary>
/// <param name="Jobs">Newest first.</param>
/// <param name="Next">Pass it as <c>before</c> to go on; null: there are no more.</param>
public sealed record JobPage(IReadOnlyList<JobSummary> Jobs, JobId? Next);
