using System.Diagnostics;
using JobPipeline.Execution;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Workflows.Local;

/// <summary>
/// Applies the end of a step's job to its workflow instance in this process, while the job's own message is held: no event message is
/// needed. The message is acknowledged when the change is saved and its effects are sent; if the process dies before, the job's next
/// delivery repeats this. What can't be applied goes to the workflow-event queue, whose runner retries it and gives up in the end.
/// </summary>
internal sealed class DirectWorkflowSignals(
    ILocalTurns turns, QueuedWorkflowSignals queued, WorkflowEvents events, ILogger<DirectWorkflowSignals> logger) : IWorkflowSignals
{
    public async Task NotifyAsync(
        JobId job, WorkflowOrigin origin, JobStatus ended, bool isRepeated, CancellationToken cancellationToken)
    {
        DateTimeOffset? retryAt;
        try
        {
            var (happened, output) = await queued.EventOfAsync(job, origin, ended, cancellationToken);
            var end = new LocalEvent(happened, Activity.Current?.Id) { Output = output, IsRedelivery = isRepeated };
            retryAt = await turns.ApplyAsync(origin.Instance, [end], cancellationToken);
        }
        catch (Exception e)
        {
            WorkflowLog.NotDirect(logger, e, origin.Instance, job);
            await queued.NotifyAsync(job, origin, ended, isRepeated, cancellationToken);
            return;
        }

        // An event that changes nothing makes the runner retry the effects that are left.
        if (retryAt is { } at)
            await events.SendAsync(origin.Instance, new WorkflowEvent.Started(), at, cancellationToken);
    }
}
