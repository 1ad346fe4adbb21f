using JobPipeline.Diagnostics;
using JobPipeline.Jobs;
using JobPipeline.Limits;

namespace JobPipeline.Execution.Verdicts;

/// <summary>Maps verdicts to the outcomes of telemetry and of the gates, which do not know verdicts.</summary>
internal static class VerdictOutcomes
{
    public static AttemptOutcome ToAttemptOutcome(this AttemptVerdict verdict) => verdict switch
    {
        AttemptVerdict.Completed => AttemptOutcome.Succeeded,
        AttemptVerdict.Retried or AttemptVerdict.DeadLettered => AttemptOutcome.Failed,
        AttemptVerdict.Released => AttemptOutcome.Released,
        AttemptVerdict.Cancelled => AttemptOutcome.Cancelled,
        _ => AttemptOutcome.Lost,
    };

    /// <summary>Returns the outcome of the job; null if it has not ended.</summary>
    public static JobEnd? ToJobEnd(this AttemptVerdict verdict) => verdict switch
    {
        AttemptVerdict.Completed => JobEnd.Succeeded,
        AttemptVerdict.DeadLettered => JobEnd.DeadLettered,
        AttemptVerdict.Cancelled => JobEnd.Cancelled,
        AttemptVerdict.Expired => JobEnd.Expired,
        _ => null,
    };

    public static PermitOutcome ToPermitOutcome(this AttemptVerdict verdict) => verdict switch
    {
        AttemptVerdict.Completed => PermitOutcome.Succeeded,
        AttemptVerdict.Retried or AttemptVerdict.DeadLettered { Error.Kind: ErrorKind.Transient or ErrorKind.Timeout } =>
            PermitOutcome.TransientFailure,
        AttemptVerdict.DeadLettered => PermitOutcome.PermanentFailure,
        _ => PermitOutcome.Inconclusive,
    };
}
