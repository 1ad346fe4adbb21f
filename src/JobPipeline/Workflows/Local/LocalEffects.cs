using JobPipeline.Enqueueing;
using JobPipeline.Execution.Verdicts;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Activities;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Workflows.Local;

/// <summary>
/// Carries out effects by sending messages: jobs to the priority queues, timers and results to the workflow-event queue. Every
/// effect is idempotent, because its ids are derived. An effect that fails at every try fails the step attempt that it belongs
/// to.
/// </summary>
internal sealed class LocalEffects(
    ChildDefinitions children,
    StepInputResolver edge,
    LocalJobEffects jobEffects,
    InstanceValues values,
    WorkflowEvents events,
    StepResults results,
    WorkflowStarter starter,
    JobClient jobs,
    FaultRules errors,
    ILogger<LocalEffects> logger)
{
    private const int AtATime = 16;

    /// <summary>Carries out effects. Throws only when cancelled.</summary>
    /// <param name="instance">The workflow instance as it is stored.</param>
    /// <param name="plan">The plan of its definition.</param>
    /// <param name="effects">The effects to carry out.</param>
    /// <param name="outputs">The outputs that were stored with it just now.</param>
    /// <param name="triesOf">The number of times that an effect was tried before.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    public async Task<EffectRound> SendAsync(
        WorkflowInstance instance,
        WorkflowPlan plan,
        IReadOnlyList<WorkflowEffect> effects,
        IReadOnlyList<StepOutput> outputs,
        Func<WorkflowEffect, int> triesOf,
        CancellationToken cancellationToken)
    {
        var round = new EffectRound();
        foreach (var rank in effects.GroupBy(Rank).OrderBy(rank => rank.Key))
        {
            var runs = rank.OfType<WorkflowEffect.Run>().Where(
                run => StepAttemptInput.ActionOf(plan[plan.Find(run.Attempt.Step)!.Value], run.Attempt) is JobAction).ToList();
            await jobEffects.SendAsync(
                instance, plan, runs, outputs, round, (run, error) => Failed(instance, run, error, triesOf(run), round), cancellationToken);
            var others = rank.Except(runs, ReferenceEqualityComparer.Instance).Cast<WorkflowEffect>();
            foreach (var some in others.Chunk(AtATime))
                await Task.WhenAll(some.Select(effect => TrySendAsync(instance, plan, effect, triesOf(effect), round, cancellationToken)));
        }

        return round;
    }

    /// <summary>
    /// Returns the order of effects within a batch: an attempt may use the payload of an event, and must exist before it can be
    /// stopped.
    /// </summary>
    private static int Rank(WorkflowEffect effect) => effect switch
    {
        WorkflowEffect.TakeEvent => 0,
        WorkflowEffect.Stop => 2,
        WorkflowEffect.End => 3,
        _ => 1,
    };

    private async Task TrySendAsync(
        WorkflowInstance instance,
        WorkflowPlan plan,
        WorkflowEffect effect,
        int tries,
        EffectRound round,
        CancellationToken cancellationToken)
    {
        if (round.MustWait(effect))
        {
            round.Leave(effect, error: null);
            return;
        }

        try
        {
            if (await SendAsync(instance, plan, effect, cancellationToken) is { } answer)
                round.Answer(answer);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Failed(instance, effect, e, tries, round);
        }
    }

    private void Failed(WorkflowInstance instance, WorkflowEffect effect, Exception error, int tries, EffectRound round)
    {
        if (RetryLimits.IsOver(errors.Of(error), tries + 1))
            GiveUp(instance, effect, error, round);
        else
            round.Leave(effect, error);
    }

    /// <summary>Gives up an effect that can't succeed, or that was tried often enough.</summary>
    private void GiveUp(WorkflowInstance instance, WorkflowEffect effect, Exception error, EffectRound round)
    {
        switch (effect)
        {
            case WorkflowEffect.Run run:
                round.Answer(new WorkflowEvent.Failed(run.Attempt, error.Message, IsPermanent: true));
                break;
            case WorkflowEffect.Expand expand:
                round.Answer(new WorkflowEvent.Failed(expand.Attempt, error.Message, IsPermanent: true));
                break;
            case WorkflowEffect.Stop stop:
                WorkflowLog.GivenUp(logger, error, "stop", instance.Id);
                var why = $"the attempt could not be stopped: {error.Message}";
                round.Answer(new WorkflowEvent.Failed(stop.Attempt, why, IsPermanent: true));
                break;
            case WorkflowEffect.End { Status: WorkflowStatus.Completed }:
                WorkflowLog.NoOutput(logger, error, instance.Id);
                round.Answer(new WorkflowEvent.OutputFailed(InstanceValues.WhyNoOutput(error)));
                break;
            case WorkflowEffect.End:
                WorkflowLog.GivenUp(logger, error, "end", instance.Id);
                break;
            default:
                // Without this timer or event the workflow instance would wait forever.
                round.Die(error);
                break;
        }
    }

    /// <summary>Carries out an effect. Returns the event that results at once; null if none does.</summary>
    private async Task<WorkflowEvent?> SendAsync(
        WorkflowInstance instance, WorkflowPlan plan, WorkflowEffect effect, CancellationToken cancellationToken)
    {
        switch (effect)
        {
            case WorkflowEffect.Run run:
                await StartChildAsync(LocalJobEffects.OrderOf(instance, plan, run), cancellationToken);
                return null;
            case WorkflowEffect.Expand expand:
                return await ExpandAsync(Order(expand.Attempt, instance.State.CreatedAt, null), cancellationToken);
            case WorkflowEffect.Stop stop:
                await StopAsync(Order(stop.Attempt, stop.At, null), stop.IsAbrupt, cancellationToken);
                return null;
            case WorkflowEffect.SetTimer timer:
                var fired = new WorkflowEvent.TimerFired(timer.Attempt, timer.Purpose);
                await events.SendAsync(instance.Id, fired, timer.At, cancellationToken);
                return null;
            case WorkflowEffect.TakeEvent taken:
                await values.TakeAsync(instance.Id, taken, cancellationToken);
                return null;
            case WorkflowEffect.End end:
                await EndAsync(instance, plan, end, cancellationToken);
                return null;
            default:
                // A timer is not cancelled: it fires nevertheless and is ignored.
                return null;
        }

        StepAttemptInput Order(StepRun run, DateTimeOffset at, DateTimeOffset? deadline) =>
            StepAttemptInput.Of(plan, instance.State, run, at, deadline, instance.CorrelationId, instance.TraceParent);
    }

    private async Task StartChildAsync(StepAttemptInput order, CancellationToken cancellationToken)
    {
        var child = (ChildAction)order.Action;
        var (definition, askAgainAt) = children.Find(child.Name, order);
        if (definition is null)
        {
            await events.SendAsync(order.Scope.Instance, new WorkflowEvent.Deferred(order.Run, askAgainAt), at: null, cancellationToken);
            return;
        }

        var input = await edge.FillAsync(order.Scope, child.Input, order.Run, cancellationToken);
        await starter.StartAsync(
            definition, order.Id.ToString(), input, order.Answer, order.CorrelationId, cancellationToken, order.TraceParent);
    }

    private async Task<WorkflowEvent> ExpandAsync(StepAttemptInput order, CancellationToken cancellationToken) =>
        new WorkflowEvent.ItemsExpanded(
            order.Run, await edge.ExpandAsync(order.Scope, order.Run, (ForEachAction)order.Action, cancellationToken));

    private async Task StopAsync(StepAttemptInput order, bool isAbrupt, CancellationToken cancellationToken)
    {
        if (order.Action is ChildAction)
        {
            const string why = "stopped by its parent workflow";
            WorkflowEvent request = isAbrupt ? new WorkflowEvent.TerminateRequested(why) : new WorkflowEvent.CancelRequested(why);
            await events.SendAsync(order.Id.ToString(), request, at: null, cancellationToken);
            return;
        }

        // A job that is running or has ended reports its own result. A job that was cancelled before its start would report only
        // when its message is received.
        var reason = $"stopped by workflow {order.Scope.Instance}";
        var outcome = await jobs.CancelStepAsync(order.Id, StepRequests.Of(order), order.Origin, reason, cancellationToken);
        if (outcome is CancelOutcome.Cancelled)
            await results.FailedAsync(order.Origin, "stopped before it started", isPermanent: true, cancellationToken);
    }

    private async Task EndAsync(WorkflowInstance instance, WorkflowPlan plan, WorkflowEffect.End end, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte>? output = null;
        if (end.Status == WorkflowStatus.Completed)
            output = await values.KeepOutputAsync(StepScope.OfOutput(plan, instance.State), instance.Definition.Output, cancellationToken);
        if (instance.Parent is { } parent && end.Status == WorkflowStatus.Completed)
            await results.SucceededAsync(parent, () => Task.FromResult(output ?? "null"u8.ToArray()), cancellationToken);
        else if (instance.Parent is { } other)
        {
            var error = $"child workflow {instance.Id} ended as {end.Status}: {end.Reason}";
            await results.FailedAsync(other, error, isPermanent: end.Status != WorkflowStatus.Failed, cancellationToken);
        }

        values.Ended(instance.Definition, instance.State);
    }
}
