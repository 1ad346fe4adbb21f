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
        try
        {
            var (happened, output) = await queued.EventOfAsync(job, origin, ended, cancellationToken);
            var end = new LocalEvent(happened, Activity.Current?.Id) { Output = output, IsRedelivery = isRepeated };
            var result = await turns.ApplyAsync(origin.Instance, [end], cancellationToken);
            if (result.IsApplied)
            {
                if (result.RetryAt is { } at)
                    await WakeAsync(origin.Instance, at, cancellationToken);
                return;
            }
        }
        catch (Exception e)
        {
            WorkflowLog.NotDirect(logger, e, origin.Instance, job);
        }

        await queued.NotifyAsync(job, origin, ended, isRepeated, cancellationToken);
        // The change may have been saved without its effects; the queued event then changes nothing.
        await WakeAsync(origin.Instance, at: null, cancellationToken);
    }

    /// <summary>Sends an event that changes nothing, so that the runner carries out the effects in the outbox.</summary>
    private Task WakeAsync(string instance, DateTimeOffset? at, CancellationToken cancellationToken) =>
        events.SendAsync(instance, new WorkflowEvent.Started(), at, cancellationToken);
}
