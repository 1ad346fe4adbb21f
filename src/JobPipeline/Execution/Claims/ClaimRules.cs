using JobPipeline.Execution.Verdicts;
using JobPipeline.Jobs;

namespace JobPipeline.Execution.Claims;

/// <summary>Decides whether a claim runs the handler or ends the attempt in the same transaction. Pure.</summary>
internal static class ClaimRules
{
    /// <summary>Returns the verdict that ends the attempt; null if the handler may run.</summary>
    /// <param name="job">The job; the gates have been asked.</param>
    /// <param name="row">The row that is about to be claimed.</param>
    /// <param name="now">The current time.</param>
    /// <param name="worker">The name of this worker.</param>
    public static AttemptVerdict? VerdictFor(JobExecution job, Attempt row, DateTimeOffset now, string worker)
    {
        if (row.CancelRequested)
            return new AttemptVerdict.Cancelled("cancelled before its worker died");
        if (job.Rejection is { } rejection)
        {
            var (reason, why) = rejection;
            var error = new AttemptError(ErrorKind.Permanent, reason.ToString(), why, null, now, TimeSpan.Zero, worker)
                .Grouped(job)
                .Trimmed();
            return new AttemptVerdict.DeadLettered(error, reason, why) { IsRejection = true };
        }

        if (now >= job.Spec.Deadline)
            return new AttemptVerdict.Expired(job.EarlierErrors.LastOrDefault()?.Message);
        if (job.Closed is { Drops: true } reached)
            return new AttemptVerdict.Cancelled($"not started, because {reached.Why}");
        // A gate never holds a job past its deadline: there it ends as expired.
        return job.Closed is { } closed
            ? new AttemptVerdict.Released(closed.Until < job.Spec.Deadline ? closed.Until : job.Spec.Deadline, closed.Reason, closed.Why)
            : null;
    }

    /// <summary>
    /// Whether the decision would start the handler, or dead-letter the job, whose type names the callback. A job that is cancelled or
    /// expired is ended by any instance.
    /// </summary>
    public static bool NeedsItsType(DeliveryDecision decision, JobExecution job, DateTimeOffset now) => decision switch
    {
        DeliveryDecision.EndAfterWorkerCrash => true,
        DeliveryDecision.Claim or DeliveryDecision.TakeOver { Row.CancelRequested: false } =>
            job.Rejection is not null || now < job.Spec.Deadline,
        _ => false,
    };
}
