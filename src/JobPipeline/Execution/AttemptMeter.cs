using JobPipeline.Diagnostics;
using JobPipeline.Execution.Verdicts;
using JobPipeline.Jobs;

namespace JobPipeline.Execution;

/// <summary>Counts deliveries and attempts by how they ended.</summary>
internal sealed class AttemptMeter(JobMetrics metrics)
{
    public void Started(JobExecution job, Attempt row) => metrics.Started(job.Spec.Type, job.Queue, row.StartedAt - job.Spec.DueAt);

    /// <summary>Counts a delivery that did not reach a claim.</summary>
    public void TurnedAway(JobExecution job, DeliveryResult result)
    {
        if (result is DeliveryResult.Deferred deferred)
            metrics.Deferred(job.Descriptor?.Type, deferred.Reason);
    }

    /// <summary>Counts a verdict that was recorded or rejected.</summary>
    public void Recorded(JobExecution job, AttemptVerdict verdict)
    {
        job.IsMeasured = true;
        Ran(job, verdict);
        if (verdict is AttemptVerdict.Lost)
            LeaseLost(job.Spec.Type);
        else if (verdict is AttemptVerdict.Released released)
            metrics.Deferred(job.Descriptor?.Type, released.Reason);
        else if (verdict.ToJobEnd() is { } end)
            metrics.Finished(job.Descriptor?.Type, job.Queue, end);
    }

    /// <summary>Counts an attempt whose verdict was not stored: another worker runs it again.</summary>
    public void NotRecorded(JobExecution job)
    {
        if (!job.IsMeasured)
            Ran(job, new AttemptVerdict.Lost());
    }

    private void LeaseLost(string type)
    {
        metrics.LeaseLost(type);
        metrics.Deferred(type, DeferralReason.ClaimLost);
    }

    private void Ran(JobExecution job, AttemptVerdict verdict)
    {
        if (job.Ran is not { } duration)
            return;
        var target = job.Descriptor?.TargetDuration;
        metrics.AttemptEnded(job.Spec.Type, job.Queue, verdict.ToAttemptOutcome(), duration, verdict.Failure?.Kind, target);
    }
}
