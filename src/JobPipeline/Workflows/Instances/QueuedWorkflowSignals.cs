using JobPipeline.Execution;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Workflows.Activities;

namespace JobPipeline.Workflows.Instances;

/// <summary>Notifies workflows through the workflow-event queue.</summary>
internal sealed class QueuedWorkflowSignals(StepResults results, IPayloadStore payloads) : IWorkflowSignals
{
    private static readonly byte[] Null = "null"u8.ToArray();

    public Task NotifyAsync(JobId job, WorkflowOrigin origin, JobStatus ended, CancellationToken cancellationToken) =>
        ended.State == JobState.Succeeded
            ? results.SucceededAsync(origin, () => ResultAsync(job, ended, cancellationToken), cancellationToken)
            : results.FailedAsync(origin, ended.Reason ?? ended.State.ToString(), IsPermanent(ended), cancellationToken);

    /// <summary>
    /// Whether a further step attempt can't succeed. An expired job may succeed: it waited too long, like a job that timed out.
    /// </summary>
    internal static bool IsPermanent(JobStatus ended) =>
        ended.State != JobState.Expired && ended.DeadLetterReason != DeadLetterReason.AttemptsExhausted;

    private async Task<ReadOnlyMemory<byte>> ResultAsync(JobId job, JobStatus ended, CancellationToken cancellationToken)
    {
        if (ended.ResultInBlob)
            return await payloads.ReadAsync(PayloadName.Result(job), cancellationToken) ?? Null;
        return ended.Result.IsEmpty ? Null : ended.Result;
    }
}
