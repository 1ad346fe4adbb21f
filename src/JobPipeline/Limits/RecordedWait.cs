using JobPipeline.Handlers;
using JobPipeline.Jobs;

namespace JobPipeline.Limits;

/// <summary>Explains a wait from the job's record: not due yet, backing off after a failure, or due and in the queue.</summary>
internal sealed class RecordedWait(JobRegistry types, TimeProvider time) : IWaitReason
{
    /// <summary>The kind for a job that only waits for a free worker.</summary>
    public const string ForAWorker = "worker";

    /// <summary>The kind for a job that waits for the open circuit of its type.</summary>
    public const string ForACircuit = "circuit";

    public ValueTask<WaitReason?> ExplainAsync(JobRecord job, CancellationToken cancellationToken) =>
        ValueTask.FromResult<WaitReason?>(For(job, time.GetUtcNow()));

    /// <summary>Gets the recorded reason of a job that waits for a circuit.</summary>
    public static string WhyOfCircuit(string circuit) => $"the circuit '{circuit}' is open: too many attempts failed";

    private WaitReason For(JobRecord job, DateTimeOffset now)
    {
        var status = job.Status;
        if (status.DueAt is { } due && due > now)
        {
            if (types.Find(job.Spec.Type)?.Circuit is { } circuit && status.Reason == WhyOfCircuit(circuit))
                return new WaitReason(ForACircuit, status.Reason, due);
            return status.State == JobState.Retrying
                ? new WaitReason("backoff", $"attempt {status.Attempt} failed; waiting for the next attempt", due)
                : new WaitReason("due-time", status.Reason ?? "not due yet", due);
        }

        return new WaitReason(ForAWorker, $"due; waiting in '{job.Queue}' for a free worker");
    }
}
