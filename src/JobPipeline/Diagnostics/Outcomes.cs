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
}
