namespace JobPipeline.Jobs;

/// <summary>A tracked job: what was asked for, and where it stands.</summary>
/// <param name="Id">The job.</param>
/// <param name="Queue">The lane it runs in.</param>
/// <param name="Spec">What was asked for.</param>
/// <param name="Status">Where it stands.</param>
public sealed record JobRecord(JobId Id, string Queue, JobSpec Spec, JobStatus Status)
{
    /// <summary>The state before any worker has seen the job.</summary>
    public static JobRecord Enqueued(JobId id, string queue, JobSpec spec, DateTimeOffset now) => new(id, queue, spec, new JobStatus
    {
        State = spec.NotBefore > now ? JobState.Scheduled : JobState.Queued,
        Attempt = 0,
        Since = now,
        DueAt = spec.DueAt,
    });
}
