using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Machine;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Workflows.Running;

/// <summary>Does what the machine wants done, by messages: jobs on the lanes, timers and answers on the queue of events. May be repeated: every id derives.</summary>
internal sealed class LocalEffects(
    WorkflowCatalog catalog, StepEdge edge, IWorkflowData data, WorkflowEvents events, StepResults results, WorkflowStarter starter, JobClient jobs, ILogger<LocalEffects> logger)
{
    private const int AtATime = 16;

    /// <summary>What a step's attempt is known by: a job's id, or a child's.</summary>
    public static JobId IdOf(string instance, StepRun run, DateTimeOffset at) =>
        JobId.FromDelivery($"{instance}/{run.Step}/{run.Item}/{run.Attempt}/{(run.IsCompensation ? "undo" : "do")}/{run.Generation}/{run.Deferrals}", at);

    public async Task SendAsync(WorkflowInstance instance, IReadOnlyList<WorkflowEffect> effects, CancellationToken cancellationToken)
    {
        foreach (var rank in effects.GroupBy(Rank).OrderBy(rank => rank.Key))
        {
            await Parallel.ForEachAsync(
                rank, new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken }, async (effect, token) => await SendAsync(instance, effect, token));
        }
    }

    /// <summary>What runs may use what an event carried, and has to be there before it can be stopped: events of one batch may have asked for both.</summary>
    private static int Rank(WorkflowEffect effect) => effect switch
    {
        WorkflowEffect.TakeEvent => 0,
        WorkflowEffect.Stop => 2,
        WorkflowEffect.End => 3,
        _ => 1,
    };

    private Task SendAsync(WorkflowInstance instance, WorkflowEffect effect, CancellationToken cancellationToken) => effect switch
    {
        WorkflowEffect.Run run => AnswerFaultsAsync(instance, run.Attempt, () => RunAsync(instance, run, cancellationToken), cancellationToken),
        WorkflowEffect.Expand expand => AnswerFaultsAsync(instance, expand.Attempt, () => ExpandAsync(instance, expand.Attempt, cancellationToken), cancellationToken),
        WorkflowEffect.Stop stop => StopAsync(instance, stop, cancellationToken),
        WorkflowEffect.SetTimer timer => events.SendAsync(instance.Id, new WorkflowEvent.TimerFired(timer.Attempt, timer.Purpose), timer.At, cancellationToken),
        WorkflowEffect.TakeEvent taken => TakeAsync(instance, taken, cancellationToken),
        WorkflowEffect.End end => EndAsync(instance, end, cancellationToken),
        // A timer that is not needed fires all the same and is ignored.
        _ => Task.CompletedTask,
    };

    /// <summary>What another try can't mend is the step's failure, not the runner's.</summary>
    private async Task AnswerFaultsAsync(WorkflowInstance instance, StepRun run, Func<Task> act, CancellationToken cancellationToken)
    {
        try
        {
            await act();
        }
        catch (Exception e) when (e is WorkflowExpressionException or UnknownJobTypeException or MessageFormatException or JobRejectedException)
        {
            await results.FailedAsync(new WorkflowOrigin(instance.Id, run), e.Message, isPermanent: true, cancellationToken);
        }
    }

    private async Task RunAsync(WorkflowInstance instance, WorkflowEffect.Run effect, CancellationToken cancellationToken)
    {
        var run = effect.Attempt;
        var step = instance.Definition.Steps.First(step => step.Id == run.Step);
        var action = run.IsCompensation ? step.Compensate! : step.Action is ForEachAction each ? each.Each : step.Action;
        var id = IdOf(instance.Id, run, effect.At);
        var origin = new WorkflowOrigin(instance.Id, run);
        if (action is ChildAction child)
        {
            var definition = catalog.Find(child.Name) ?? throw new JobRejectedException(catalog.WhyUnknown(child.Name));
            var input = await edge.FillAsync(instance, child.Input, run, cancellationToken);
            await starter.StartAsync(definition, id.ToString(), input, origin, instance.CorrelationId ?? instance.Id, cancellationToken);
            return;
        }

        var job = (JobAction)action;
        var request = new JobRequest
        {
            Type = job.Type,
            Payload = await edge.FillAsync(instance, job.Payload, run, cancellationToken),
            MaxAttempts = 1,
            Timeout = step.Timeout < JobLimits.MaxTimeout ? step.Timeout : null,
            ExpiresAt = effect.Deadline,
            CorrelationId = instance.CorrelationId ?? instance.Id,
        };
        var faults = jobs.Validate(request);
        if (faults.Count > 0)
            throw new JobRejectedException(string.Join("; ", faults));
        await jobs.EnqueueStepAsync(id, request, origin, cancellationToken);
    }

    private async Task ExpandAsync(WorkflowInstance instance, StepRun run, CancellationToken cancellationToken)
    {
        var each = (ForEachAction)instance.Definition.Steps.First(step => step.Id == run.Step).Action;
        var count = await edge.ExpandAsync(instance, run, each, cancellationToken);
        await events.SendAsync(instance.Id, new WorkflowEvent.ItemsExpanded(run, count), at: null, cancellationToken);
    }

    private async Task StopAsync(WorkflowInstance instance, WorkflowEffect.Stop stop, CancellationToken cancellationToken)
    {
        var run = stop.Attempt;
        var step = instance.Definition.Steps.First(step => step.Id == run.Step);
        var id = IdOf(instance.Id, run, stop.At);
        if (!run.IsCompensation && step.Action is ChildAction or ForEachAction { Each: ChildAction })
        {
            const string why = "its parent stopped it";
            await events.SendAsync(id.ToString(), stop.IsAbrupt ? new WorkflowEvent.TerminateRequested(why) : new WorkflowEvent.CancelRequested(why), at: null, cancellationToken);
            return;
        }

        // One that runs or has ended tells by itself; of one that had not started nobody else would, before its message is seen.
        if (await jobs.CancelAsync(id, $"workflow {instance.Id} stopped it", cancellationToken) is CancelOutcome.Cancelled)
            await results.FailedAsync(new WorkflowOrigin(instance.Id, run), "stopped before it started", isPermanent: true, cancellationToken);
    }

    private async Task TakeAsync(WorkflowInstance instance, WorkflowEffect.TakeEvent taken, CancellationToken cancellationToken)
    {
        if (await data.ReadAsync(instance.Id, WorkflowDataName.Event(taken.EventId), cancellationToken) is { } carried)
            await data.WriteAsync(instance.Id, [KeyValuePair.Create(WorkflowDataName.Step(taken.Attempt.Step), carried)], cancellationToken);
    }

    private async Task EndAsync(WorkflowInstance instance, WorkflowEffect.End end, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte>? output = null;
        if (end.Status == WorkflowStatus.Completed)
        {
            try
            {
                output = await edge.OutputAsync(instance, cancellationToken);
            }
            catch (WorkflowExpressionException e)
            {
                WorkflowLog.NoOutput(logger, e, instance.Id);
            }
        }

        if (output is { } value)
            await data.WriteAsync(instance.Id, [KeyValuePair.Create(WorkflowDataName.Output, value)], cancellationToken);
        WorkflowLog.Ended(logger, instance.Id, instance.Definition.Name, end.Status, end.Reason);
        if (instance.Parent is not { } parent)
            return;
        if (end.Status == WorkflowStatus.Completed)
            await results.SucceededAsync(parent, () => Task.FromResult(output ?? "null"u8.ToArray()), cancellationToken);
        else
            await results.FailedAsync(parent, $"workflow {instance.Id} {end.Status}: {end.Reason}", isPermanent: end.Status != WorkflowStatus.Failed, cancellationToken);
    }
}
