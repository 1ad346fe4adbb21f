namespace JobPipeline.Jobs;

/// <summary>A reason why a job that has not ended is not running.</summary>
/// <param name="Kind">
/// A stable identifier for programs, such as <c>pause</c>, <c>resources</c>, <c>circuit</c>, <c>due-time</c>, <c>backoff</c>,
/// <c>worker</c>.
/// </param>
/// <param name="Detail">A human-readable explanation.</param>
/// <param name="Until">When the wait ends, if known.</param>
public sealed record WaitReason(string Kind, string Detail, DateTimeOffset? Until = null);

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
