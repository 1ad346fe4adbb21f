using JobPipeline.Jobs;

namespace JobPipeline.Limits.Pauses;

/// <summary>
/// Holds jobs whose queue or type is paused. Nothing is written: the message is put back for a short while. A job whose payload does
/// not fit is held too, because a type is also paused to keep its jobs from becoming dead letters.
/// </summary>
internal sealed class PauseGate(PauseRegistry pauses) : IStartGate, IWaitReason
{
    public int Order => GateOrder.Pause;

    public async ValueTask<GateDecision> AskAsync(StartRequest request, CancellationToken cancellationToken) =>
        !request.IsExpedited && await pauses.AskAsync(request.Queue, request.Spec.Type, cancellationToken) is { } pause
            ? new GateDecision.Closed(pause.Until, DeferralReason.Paused, pause.Why, OnRecord: false)
            : GateDecision.Open.WithoutPermit;

    public ValueTask<WaitReason?> ExplainAsync(JobRecord job, CancellationToken cancellationToken) =>
        ValueTask.FromResult(pauses.WhyPaused(job.Queue, job.Spec.Type) is { } why ? new WaitReason("pause", why) : null);
}
