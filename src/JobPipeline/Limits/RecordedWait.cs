using JobPipeline.Jobs;

namespace JobPipeline.Limits;

/// <summary>What the record itself says: not due yet, backing off after a failure, or due and in the queue.</summary>
internal sealed class RecordedWait(TimeProvider time) : IWaitReason
{
    /// <summary>The kind of a job that waits for nothing but a free worker.</summary>
    public const string ForAWorker = "worker";

    /// <summary>The kind of a job whose record names a time, whoever set it.</summary>
    public const string ForATime = "due-time";

    public ValueTask<WaitReason?> ExplainAsync(JobRecord job, CancellationToken cancellationToken) =>
        ValueTask.FromResult<WaitReason?>(For(job, time.GetUtcNow()));

    private static WaitReason For(JobRecord job, DateTimeOffset now)
    {
        var status = job.Status;
        if (status.DueAt is not { } due || due <= now)
            return new WaitReason(ForAWorker, $"it is due and waits in '{job.Queue}' for a free worker");
        return status.State == JobState.Retrying
            ? new WaitReason("backoff", $"attempt {status.Attempt} failed; the next one is due later", due)
            : new WaitReason(ForATime, status.Reason ?? "it is not due yet", due);
    }
}
