using JobPipeline.Execution.Verdicts;

namespace JobPipeline.Diagnostics;

/// <summary>How an attempt ended, as telemetry says it.</summary>
internal enum AttemptOutcome
{
    Succeeded,
    Failed,
    Released,
    Cancelled,
    Lost,
}

/// <summary>How a job ended, as telemetry says it.</summary>
internal enum JobEnd
{
    Succeeded,
    DeadLettered,
    Cancelled,
    Expired,
}

/// <summary>Names of outcomes, and what they are the outcomes of.</summary>
internal static class Outcomes
{
    public static readonly IReadOnlyList<string> OfAttempts = ["succeeded", "failed", "released", "cancelled", "lost"];

    public static readonly IReadOnlyList<string> OfJobs = ["succeeded", "dead-lettered", "cancelled", "expired"];

    /// <summary>True for those that an alert rule names: by what share of these attempts failed.</summary>
    public static bool IsAlerted(AttemptOutcome outcome) => outcome is AttemptOutcome.Succeeded or AttemptOutcome.Failed;

    public static AttemptOutcome Of(AttemptVerdict ending) => ending switch
    {
        AttemptVerdict.Completed => AttemptOutcome.Succeeded,
        AttemptVerdict.Retried or AttemptVerdict.DeadLettered => AttemptOutcome.Failed,
        AttemptVerdict.Released => AttemptOutcome.Released,
        AttemptVerdict.Cancelled => AttemptOutcome.Cancelled,
        _ => AttemptOutcome.Lost,
    };

    /// <summary>Null: the job has not ended.</summary>
    public static JobEnd? OfJob(AttemptVerdict ending) => ending switch
    {
        AttemptVerdict.Completed => JobEnd.Succeeded,
        AttemptVerdict.DeadLettered => JobEnd.DeadLettered,
        AttemptVerdict.Cancelled => JobEnd.Cancelled,
        _ => null,
    };
}
