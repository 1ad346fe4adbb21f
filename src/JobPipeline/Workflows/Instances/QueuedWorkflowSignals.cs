using JobPipeline.Execution;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Workflows.Activities;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Workflows.Instances;

/// <summary>Notifies workflows through the workflow-event queue.</summary>
internal sealed class QueuedWorkflowSignals(StepResults results, IPayloadStore payloads) : IWorkflowSignals
{
    private static readonly byte[] Null = "null"u8.ToArray();

    public Task NotifyAsync(
        JobId job, WorkflowOrigin origin, JobStatus ended, bool isRepeated, CancellationToken cancellationToken) =>
        ended.State == JobState.Succeeded
            ? results.SucceededAsync(origin, () => ResultAsync(job, ended, cancellationToken), cancellationToken)
            : results.FailedAsync(origin, ended.Reason ?? ended.State.ToString(), IsPermanent(ended), cancellationToken);

    /// <summary>Returns the event of the end of a step's job, with the output to store if it counts.</summary>
    internal async Task<(WorkflowEvent Event, StepOutput? Output)> EventOfAsync(
        JobId job, WorkflowOrigin origin, JobStatus ended, CancellationToken cancellationToken)
    {
        if (ended.State != JobState.Succeeded)
            return (StepResults.Failure(origin, ended.Reason ?? ended.State.ToString(), IsPermanent(ended)), null);
        if (origin.Run.IsCompensation)
            return (new WorkflowEvent.Succeeded(origin.Run), null);
        var output = await ResultAsync(job, ended, cancellationToken);
        return StepResults.ErrorOf(origin, output) is { } error
            ? (StepResults.Failure(origin, error, isPermanent: true), null)
            : (new WorkflowEvent.Succeeded(origin.Run), StepResults.OutputOf(origin, output));
    }

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
