using JobPipeline.Jobs;

namespace JobPipeline.Limits.Pauses;

/// <summary>Explains a wait for a paused queue or job type.</summary>
internal sealed class PausedWait(PauseRegistry pauses) : IWaitReason
{
    public ValueTask<WaitReason?> ExplainAsync(JobRecord job, CancellationToken cancellationToken) =>
        ValueTask.FromResult(pauses.WhyPaused(job.Queue, job.Spec.Type) is { } why ? new WaitReason("pause", why) : null);
}
