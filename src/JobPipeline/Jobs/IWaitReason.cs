namespace JobPipeline.Jobs;

/// <summary>Why a job is not running though it has not ended.</summary>
/// <param name="Kind">A stable word for programs, such as <c>pause</c>, <c>circuit</c>, <c>due-time</c>, <c>backoff</c>, <c>worker</c>.</param>
/// <param name="Detail">For people.</param>
/// <param name="Until">When it is over, as far as that is known.</param>
public sealed record WaitReason(string Kind, string Detail, DateTimeOffset? Until = null);

/// <summary>
/// Knows one thing that can keep a job from running: a pause, a limit, its due time. Whatever makes jobs wait registers
/// one; all of them are asked for every job that waits.
/// </summary>
public interface IWaitReason
{
    /// <summary>Null: this is not what the job waits for.</summary>
    /// <param name="job">A job in a waiting state: <see cref="JobState.Scheduled"/>, <see cref="JobState.Queued"/> or <see cref="JobState.Retrying"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<WaitReason?> ExplainAsync(JobRecord job, CancellationToken cancellationToken);
}
