using JobPipeline.Handlers;
using JobPipeline.Jobs;

namespace JobPipeline.Limits;

/// <summary>What the record itself says: not due yet, backing off after a failure, or due and in the queue.</summary>
internal sealed class RecordedWait(JobRegistry types, TimeProvider time) : IWaitReason
{
    /// <summary>The kind of a job that nothing keeps from being started.</summary>
    public const string ForAWorker = "worker";

    /// <summary>The kind of a job that the open circuit of its type holds back.</summary>
    public const string ForACircuit = "circuit";

    public ValueTask<WaitReason?> ExplainAsync(JobRecord job, CancellationToken cancellationToken) => ValueTask.FromResult<WaitReason?>(For(job, time.GetUtcNow()));

    /// <summary>What a record says of a job that the circuit holds back.</summary>
    public static string WhyOfCircuit(string circuit) => $"the circuit '{circuit}' is open: too many attempts failed";

    private WaitReason For(JobRecord job, DateTimeOffset now)
    {
        var status = job.Status;
        if (status.DueAt is { } due && due > now)
        {
            if (types.Find(job.Spec.Type)?.Circuit is { } circuit && status.Reason == WhyOfCircuit(circuit))
                return new WaitReason(ForACircuit, status.Reason, due);
            return status.State == JobState.Retrying
                ? new WaitReason("backoff", $"attempt {status.Attempt} failed; the next one is due later", due)
                : new WaitReason("due-time", status.Reason ?? "it is not due yet", due);
        }

        return new WaitReason(ForAWorker, $"it is due and waits in '{job.Queue}' for a free worker");
    }
}
