using JobPipeline.Jobs;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Workflows.Running;

/// <summary>Does what the machine wants done, by messages: jobs on the lanes, timers and answers on the queue of events. May be repeated: every id derives.</summary>
internal sealed class LocalEffects(
    ChildDefinitions children,
    StepEdge edge,
    StepRequests requests,
    InstanceValues values,
    WorkflowEvents events,
    StepResults results,
    WorkflowStarter starter,
    JobClient jobs)
{
    private const int AtATime = 16;

    public async Task SendAsync(WorkflowInstance instance, WorkflowPlan plan, IReadOnlyList<WorkflowEffect> effects, CancellationToken cancellationToken)
    {
        foreach (var some in effects.GroupBy(Rank).OrderBy(rank => rank.Key).SelectMany(rank => rank.Chunk(AtATime)))
            await Task.WhenAll(some.Select(effect => SendAsync(instance, plan, effect, cancellationToken)));
    }

    /// <summary>What runs may use what an event carried, and has to be there before it can be stopped: events of one batch may have asked for both.</summary>
    private static int Rank(WorkflowEffect effect) => effect switch
    {
        WorkflowEffect.TakeEvent => 0,
        WorkflowEffect.Stop => 2,
        WorkflowEffect.End => 3,
        _ => 1,
    };

    private Task SendAsync(WorkflowInstance instance, WorkflowPlan plan, WorkflowEffect effect, CancellationToken cancellationToken)
    {
        return effect switch
        {
            WorkflowEffect.Run run => AnswerFaultsAsync(RunAsync, Order(run.Attempt, run.At, run.Deadline), cancellationToken),
            WorkflowEffect.Expand expand => AnswerFaultsAsync(ExpandAsync, Order(expand.Attempt, instance.State.CreatedAt, null), cancellationToken),
            WorkflowEffect.Stop stop => StopAsync(Order(stop.Attempt, stop.At, null), stop.IsAbrupt, cancellationToken),
            WorkflowEffect.SetTimer timer => events.SendAsync(instance.Id, new WorkflowEvent.TimerFired(timer.Attempt, timer.Purpose), timer.At, cancellationToken),
            WorkflowEffect.TakeEvent taken => values.TakeAsync(instance.Id, taken, cancellationToken),
            WorkflowEffect.End end => EndAsync(instance, plan, end, cancellationToken),
            // A timer that is not needed fires all the same and is ignored.
            _ => Task.CompletedTask,
        };

        StepOrder Order(StepRun run, DateTimeOffset at, DateTimeOffset? deadline) => StepOrder.Of(plan, instance.State, run, at, deadline, instance.CorrelationId);
    }

    /// <summary>What another try can't mend is the step's failure, not the runner's.</summary>
    private async Task AnswerFaultsAsync(Func<StepOrder, CancellationToken, Task> act, StepOrder order, CancellationToken cancellationToken)
    {
        try
        {
            await act(order, cancellationToken);
        }
        catch (Exception e) when (StepRequests.IsFault(e))
        {
            await results.FailedAsync(order.Answer, e.Message, isPermanent: true, cancellationToken);
        }
    }

    private async Task RunAsync(StepOrder order, CancellationToken cancellationToken)
    {
        if (order.Action is not ChildAction child)
        {
            await jobs.EnqueueStepAsync(order.Id, await requests.OfAsync(order, cancellationToken), order.Origin, cancellationToken);
            return;
        }

        var (definition, askAgainAt) = children.Find(child.Name, order);
        if (definition is null)
        {
            await events.SendAsync(order.Scope.Instance, new WorkflowEvent.Deferred(order.Run, askAgainAt), at: null, cancellationToken);
            return;
        }

        var input = await edge.FillAsync(order.Scope, child.Input, order.Run, cancellationToken);
        await starter.StartAsync(definition, order.Id.ToString(), input, order.Answer, order.CorrelationId, cancellationToken);
    }

    private async Task ExpandAsync(StepOrder order, CancellationToken cancellationToken)
    {
        var count = await edge.ExpandAsync(order.Scope, order.Run, (ForEachAction)order.Action, cancellationToken);
        await events.SendAsync(order.Scope.Instance, new WorkflowEvent.ItemsExpanded(order.Run, count), at: null, cancellationToken);
    }

    private async Task StopAsync(StepOrder order, bool isAbrupt, CancellationToken cancellationToken)
    {
        if (order.Action is ChildAction)
        {
            const string why = "its parent stopped it";
            await events.SendAsync(order.Id.ToString(), isAbrupt ? new WorkflowEvent.TerminateRequested(why) : new WorkflowEvent.CancelRequested(why), at: null, cancellationToken);
            return;
        }

        // One that runs or has ended tells by itself; of one that had not started nobody else would, before its message is seen.
        if (await jobs.CancelAsync(order.Id, $"workflow {order.Scope.Instance} stopped it", cancellationToken) is CancelOutcome.Cancelled)
            await results.FailedAsync(order.Origin, "stopped before it started", isPermanent: true, cancellationToken);
    }

    private async Task EndAsync(WorkflowInstance instance, WorkflowPlan plan, WorkflowEffect.End end, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte>? output = null;
        if (end.Status == WorkflowStatus.Completed)
            output = await values.KeepOutputAsync(StepScope.OfOutput(plan, instance.State), instance.Definition.Output, cancellationToken);
        values.Ended(instance.Definition, instance.State);
        if (instance.Parent is not { } parent)
            return;
        if (end.Status == WorkflowStatus.Completed)
            await results.SucceededAsync(parent, () => Task.FromResult(output ?? "null"u8.ToArray()), cancellationToken);
        else
            await results.FailedAsync(parent, $"workflow {instance.Id} {end.Status}: {end.Reason}", isPermanent: end.Status != WorkflowStatus.Failed, cancellationToken);
    }
}
