namespace JobPipeline.Jobs;

/// <summary>A reason why a job that has not ended is not running.</summary>
/// <param name="Kind">
/// A stable identifier for programs, such as <c>pause</c>, <c>resources</c>, <c>circuit</c>, <c>due-time</c>, <c>backoff</c>,
/// <c>worker</c>.
/// </param>
/// <param name="Detail">A human-readable explanation.</param>
/// <param name="Until">When the wait ends, if known.</param>
public sealed record WaitReason(string Kind, string Detail, DateTimeOffset? Until = null)
{
    /// <summary>The limit that a job waits at; null for any other reason.</summary>
    public LimitWaitDetail? Limit { get; init; }
}

/// <summary>The place of a job that waits at a limit.</summary>
/// <param name="Limit">The name of the limit.</param>
/// <param name="Key">The key; empty for a limit that is not divided.</param>
/// <param name="InUse">The slots that are held or reserved; null without a concurrency.</param>
/// <param name="Of">The maximum number of slots; null without a concurrency.</param>
/// <param name="Holders">Instances that hold slots, at most five.</param>
/// <param name="Position">
/// The place among the jobs that wait; 1 is the next. Null for more than 1,000, and for a job that may start.
/// </param>
public sealed record LimitWaitDetail(
    string Limit, string Key, int? InUse, int? Of, IReadOnlyList<string> Holders, int? Position);

/// <summary>
/// Explains one thing that can keep a job from running: a pause, a limit, its due time. Every feature that makes jobs wait
/// registers one; all of them are queried for each waiting job.
/// </summary>
public interface IWaitReason
{
    /// <summary>Explains why the job waits; returns null when this reason does not apply.</summary>
    /// <param name="job">
    /// A job in a waiting state: <see cref="JobState.Scheduled"/>, <see cref="JobState.Queued"/> or <see cref="JobState.Retrying"/>.
    /// </param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    ValueTask<WaitReason?> ExplainAsync(JobRecord job, CancellationToken cancellationToken);
}
