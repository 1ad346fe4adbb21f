using JobPipeline.Jobs;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Maintenance.Retention;

/// <summary>Decides which items are past their retention, and when to check the others again. Pure.</summary>
internal static class RetentionRules
{
    /// <summary>
    /// The minimum time between two checks of a day with remaining items: they are removed at most that much late, and checked at
    /// most that often.
    /// </summary>
    public static readonly TimeSpan LookPause = TimeSpan.FromHours(6);

    /// <summary>
    /// A payload is written before its message, and a message may take long to arrive: a recent blob without a job is left alone.
    /// </summary>
    private static readonly TimeSpan OrphanGracePeriod = TimeSpan.FromDays(1);

    /// <summary>
    /// Returns null if the job is past its retention, otherwise when to check it again. A job that has not ended is never past it,
    /// however old.
    /// </summary>
    public static DateTimeOffset? LookAgainAtJob(JobStatus status, SweepStep step) => status.State.IsTerminal()
        ? LookAgainAt(status.Since, step)
        : step.Now + step.Retention;

    /// <summary>Returns null if the dead letter recorded at that time is past its retention, otherwise when to check it again.</summary>
    public static DateTimeOffset? LookAgainAtDeadLetter(DateTimeOffset at, SweepStep step) => LookAgainAt(at, step);

    /// <summary>
    /// Returns null if the blob is past its retention, otherwise when to check it again. A blob is kept as long as its job; without a
    /// job, it is removed unless it is recent.
    /// </summary>
    public static DateTimeOffset? LookAgainAtPayload(JobStatus? job, DateTimeOffset writtenAt, SweepStep step)
    {
        if (job is not null)
            return LookAgainAtJob(job, step) ?? step.Now;
        return writtenAt + OrphanGracePeriod < step.Now ? null : writtenAt + OrphanGracePeriod;
    }

    /// <summary>
    /// Returns null if the workflow instance is past its retention, otherwise when to check it again. One that has not ended is never
    /// past it, however old.
    /// </summary>
    public static DateTimeOffset? LookAgainAtWorkflow(WorkflowSummary instance, SweepStep step) => instance.Status.IsTerminal()
        ? LookAgainAt(instance.UpdatedAt, step)
        : step.Now + step.Retention;

    private static DateTimeOffset? LookAgainAt(DateTimeOffset ended, SweepStep step) =>
        ended < step.Over ? null : ended + step.Retention;
}
