using JobPipeline.Jobs;

namespace JobPipeline.Limits.Pauses;

/// <summary>The lane or the job type is paused.</summary>
internal sealed class PausedWait(PauseRegistry pauses) : IWaitReason
{
    public ValueTask<WaitReason?> ExplainAsync(JobRecord job, CancellationToken cancellationToken) =>
        ValueTask.FromResult(pauses.WhyPaused(job.Queue, job.Spec.Type) is { } why ? new WaitReason("pause", why) : null);
}
