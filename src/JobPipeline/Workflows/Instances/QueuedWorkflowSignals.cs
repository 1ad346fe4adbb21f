using JobPipeline.Execution;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Workflows.Activities;

namespace JobPipeline.Workflows.Instances;

/// <summary>Tells by the queue of events.</summary>
internal sealed class QueuedWorkflowSignals(StepResults results, IPayloadStore payloads) : IWorkflowSignals
{
    private static readonly byte[] Null = "null"u8.ToArray();

    public Task NotifyAsync(JobId job, WorkflowOrigin origin, JobStatus ended, CancellationToken cancellationToken) => ended.State == JobState.Succeeded
        ? results.SucceededAsync(origin, () => ResultAsync(job, ended, cancellationToken), cancellationToken)
        : results.FailedAsync(origin, ended.Reason ?? ended.State.ToString(), IsPermanent(ended), cancellationToken);

    /// <summary>What expired waited too long for its turn: it ran out of time, like one that took too long.</summary>
    internal static bool IsPermanent(JobStatus ended) => ended.State != JobState.Expired && ended.DeadLetterReason != DeadLetterReason.AttemptsExhausted;

    private async Task<ReadOnlyMemory<byte>> ResultAsync(JobId job, JobStatus ended, CancellationToken cancellationToken) =>
        ended.ResultInBlob ? await payloads.ReadAsync(PayloadName.Result(job), cancellationToken) ?? Null : ended.Result.IsEmpty ? Null : ended.Result;
}
