using JobPipeline.Failures;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Workflows.Running;

/// <summary>The output is kept first, then the event goes out: whoever reads the event finds it.</summary>
internal sealed class QueuedWorkflowSignals(IWorkflowData data, IPayloadStore payloads, WorkflowEvents events) : IWorkflowSignals
{
    private static readonly byte[] Null = "null"u8.ToArray();

    public async Task TellAsync(JobId job, WorkflowOrigin origin, JobStatus ended, CancellationToken cancellationToken)
    {
        var happened = EventOf(origin.Run, ended);
        if (happened is WorkflowEvent.Succeeded && !origin.Run.IsCompensation)
        {
            var result = ended.ResultInBlob ? await payloads.ReadAsync(PayloadName.Result(job), cancellationToken) ?? Null : ended.Result.IsEmpty ? Null : ended.Result;
            await data.WriteAsync(origin.Instance, [KeyValuePair.Create(WorkflowDataName.Step(origin.Run.Step, origin.Run.Item), result)], cancellationToken);
        }

        await events.SendAsync(origin.Instance, happened, at: null, cancellationToken);
    }

    internal static WorkflowEvent EventOf(StepRun run, JobStatus ended) => ended.State == JobState.Succeeded
        ? new WorkflowEvent.Succeeded(run)
        : new WorkflowEvent.Failed(run, $"{ended.Reason ?? ended.State.ToString()}", IsPermanent: ended.DeadLetterReason != DeadLetterReason.AttemptsExhausted);
}
