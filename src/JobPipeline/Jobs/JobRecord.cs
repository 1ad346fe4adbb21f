namespace JobPipeline.Jobs;

/// <summary>The record of a tracked job: its spec and its status.</summary>
/// <param name="Id">The job id.</param>
/// <param name="Queue">The queue of the job.</param>
/// <param name="Spec">The request; never changes.</param>
/// <param name="Status">The current status.</param>
public sealed record JobRecord(JobId Id, string Queue, JobSpec Spec, JobStatus Status)
{
    /// <summary>Creates the record of a job that no worker has received yet.</summary>
    public static JobRecord Enqueued(JobId id, string queue, JobSpec spec, DateTimeOffset now) => new(id, queue, spec, new JobStatus
    {
        State = spec.NotBefore > now ? JobState.Scheduled : JobState.Queued,
        Attempt = 0,
        Since = now,
        DueAt = spec.DueAt,
    });
}
