namespace JobPipeline.Diagnostics;

/// <summary>The outcome of an attempt in telemetry.</summary>
internal enum AttemptOutcome
{
    Succeeded,
    Failed,
    Released,
    Cancelled,
    Lost,
}

/// <summary>The outcome of a job in telemetry.</summary>
internal enum JobEnd
{
    Succeeded,
    DeadLettered,
    Cancelled,
    Expired,
}

/// <summary>Maps verdicts to the outcomes of attempts and jobs, and outcomes to their names.</summary>
internal static class Outcomes
{
    public static readonly IReadOnlyList<string> OfAttempts = ["succeeded", "failed", "released", "cancelled", "lost"];

    public static readonly IReadOnlyList<string> OfJobs = ["succeeded", "dead-lettered", "cancelled", "expired"];

    /// <summary>Whether an alert rule uses the outcome: the failure rate is computed from these.</summary>
    public static bool IsAlerted(AttemptOutcome outcome) => outcome is AttemptOutcome.Succeeded or AttemptOutcome.Failed;
}
