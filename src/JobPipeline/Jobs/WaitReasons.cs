namespace JobPipeline.Jobs;

/// <summary>Answers "why isn't it running?" for one job.</summary>
public sealed class WaitReasons
{
    private readonly IEnumerable<IWaitReason> _reasons;

    public WaitReasons(IEnumerable<IWaitReason> reasons) => _reasons = reasons;

    /// <summary>Everything the job waits for; empty for one that runs or has ended.</summary>
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

        return found;
    }
}
