using JobPipeline.Jobs;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Maintenance.Retention;

/// <summary>What is over its retention, and when to look again at what is not. Pure.</summary>
public static class RetentionRules
{
    /// <summary>Between two looks at what had to stay of a day: it goes at most that much late, and costs at most that often.</summary>
    public static readonly TimeSpan LookPause = TimeSpan.FromHours(6);

    /// <summary>A payload is written before its message, and a message may be long on its way: a young blob without a job is left alone.</summary>
    private static readonly TimeSpan OrphanPatience = TimeSpan.FromDays(1);

    /// <summary>Null: the job is over. Else when to look at it again. However old, a job that has not ended is never over.</summary>
    public static DateTimeOffset? LookAgainAtJob(JobStatus status, SweepStep step) => status.State.IsTerminal()
        ? LookAgainAt(status.Since, step)
        : step.Now + step.Retention;

    /// <summary>Null: the dead letter, written at that moment, is over.</summary>
    public static DateTimeOffset? LookAgainAtLetter(DateTimeOffset at, SweepStep step) => LookAgainAt(at, step);

    /// <summary>Null: the blob is over, for its job is gone and it is not young. A blob lives as long as its job.</summary>
    public static DateTimeOffset? LookAgainAtPayload(JobStatus? job, DateTimeOffset writtenAt, SweepStep step)
    {
        if (job is not null)
            return LookAgainAtJob(job, step) ?? step.Now;
        return writtenAt + OrphanPatience < step.Now ? null : writtenAt + OrphanPatience;
    }

    /// <summary>Null: the instance is over. However old, one that has not ended is never over.</summary>
    public static DateTimeOffset? LookAgainAtWorkflow(WorkflowSummary instance, SweepStep step) => instance.Status.IsTerminal()
        ? LookAgainAt(instance.UpdatedAt, step)
        : step.Now + step.Retention;

    private static DateTimeOffset? LookAgainAt(DateTimeOffset ended, SweepStep step) => ended < step.Over ? null : ended + step.Retention;
}
