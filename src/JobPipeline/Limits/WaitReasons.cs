using JobPipeline.Jobs;

namespace JobPipeline.Limits;

/// <summary>Answers "why isn't it running?" for a job.</summary>
internal sealed class WaitReasons
{
    private readonly IEnumerable<IWaitReason> _reasons;

    public WaitReasons(IEnumerable<IWaitReason> reasons) => _reasons = reasons;

    /// <summary>
    /// Gets everything the job waits for. Reasons without a known end, such as a pause, come before those that end by themselves.
    /// A free worker is only named when nothing else is missing. Empty for a job that is running or has ended.
    /// </summary>
    public async Task<IReadOnlyList<WaitReason>> ExplainAsync(JobRecord job, CancellationToken cancellationToken)
    {
        if (job.Status.State is not (JobState.Scheduled or JobState.Queued or JobState.Retrying))
            return [];
        var found = new List<WaitReason>();
        foreach (var reason in _reasons)
        {
            if (await reason.ExplainAsync(job, cancellationToken) is { } why)
                found.Add(why);
        }

        if (found.Count > 1)
            found.RemoveAll(why => why.Kind == RecordedWait.ForAWorker);
        // A gate that holds a job on record sets its due time.
        found.RemoveAll(why => why.Kind == RecordedWait.ForATime && found.Exists(other => other != why && other.Until == why.Until));
        return [.. found.OrderBy(why => why.Until is not null)];
    }
}
