using JobPipeline.Jobs;
using JobPipeline.Workflows.Activities;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;
using Microsoft.DurableTask;

namespace JobPipeline.Functions.Durable;

/// <summary>
/// Applies the effects of the workflow machine: step attempts become activities, child workflow instances and slices become
/// sub-orchestrations, timers become durable timers. Their results become events for the machine.
/// </summary>
internal sealed class Effects(
    TaskOrchestrationContext context, WorkflowPlan plan, OrchestrationInput passage, InFlight inFlight, Timers timers, Strands strands)
{
    private const string StoppedByParent = "its parent stopped it";

    /// <summary>The ids of the orchestrations that run a child workflow instance for a step attempt.</summary>
    private readonly Dictionary<StepRun, string> _children = [];
    private readonly Dictionary<StepRun, string> _slices = [];

    /// <summary>Those of <see cref="_slices"/> that have not returned yet.</summary>
    private readonly HashSet<StepRun> _openSlices = [];

    /// <summary>Child attempts that were stopped before their orchestration started.</summary>
    private readonly HashSet<StepRun> _stopped = [];

    /// <param name="state">The state that the effects belong to.</param>
    /// <param name="effects">The effects.</param>
    /// <param name="isAlone">
    /// Whether the attempt that starts runs on its own, because a strand has left it: it may be on record already.
    /// </param>
    public async Task DoAsync(WorkflowState state, IReadOnlyList<WorkflowEffect> effects, bool isAlone = false)
    {
        // Taken events first, because the steps that run next may use their payloads.
        foreach (var taken in effects.OfType<WorkflowEffect.TakeEvent>())
        {
            var takenEvent = new TakenEvent(state.Instance, taken) { Workflow = plan.Definition.Name, TraceParent = passage.TraceParent };
            await context.CallActivityAsync<object?>(InstanceActivities.Take, OrchestrationJson.Write(takenEvent), Activities.Persistent);
        }

        if (!isAlone)
            effects = strands.Begin(state, effects);
        foreach (var pack in effects.OfType<WorkflowEffect.Run>().Where(IsPacked).GroupBy(run => (run.Attempt.Step, run.Pack)))
            inFlight.Add(InFlightKind.Work, RunPackAsync(PackOf(state, [.. pack.Select(PackedAttempt.Of)])));
        foreach (var effect in effects.Where(effect => !IsPacked(effect) && !IsStopOfItem(effect)))
            Do(state, effect, isAlone);
        var stopped = effects.OfType<WorkflowEffect.Stop>().Where(IsStopOfItem);
        foreach (var stops in stopped.GroupBy(stop => stop.Attempt.Step, StringComparer.Ordinal))
            StopItems(PackOf(state, [.. stops.Select(PackedAttempt.Of)]));
    }

    /// <summary>
    /// Forwards a suspend or resume request to the slices, which must not start new items while the workflow instance is suspended.
    /// </summary>
    public void PassOnToSlices(WorkflowEvent request)
    {
        foreach (var run in _openSlices)
            Send(_slices[run], request);
    }

    private void Do(WorkflowState state, WorkflowEffect effect, bool isAlone)
    {
        switch (effect)
        {
            case WorkflowEffect.Run run:
                var order = Order(state, run.Attempt, run.At, run.Deadline);
                inFlight.Add(InFlightKind.Work, RunAsync(order with { MayHaveEnded = isAlone }));
                break;
            case WorkflowEffect.Expand expand:
                inFlight.Add(InFlightKind.Work, AnswerAsync(
                    InstanceActivities.Expand, Order(state, expand.Attempt, state.CreatedAt) with { MayPack = true }));
                break;
            case WorkflowEffect.RunSlice slice: inFlight.Add(InFlightKind.Work, RunSliceAsync(state, slice)); break;
            case WorkflowEffect.Halt halt: Send(_slices[halt.Attempt], new WorkflowEvent.HaltRequested()); break;
            case WorkflowEffect.Stop stop: Stop(stop, Order(state, stop.Attempt, stop.At)); break;
            case WorkflowEffect.SetTimer timer: timers.Set(timer); break;
            case WorkflowEffect.CancelTimer timer: timers.Cancel(timer.Attempt, timer.Purpose); break;
            case WorkflowEffect.TakeEvent or WorkflowEffect.End: break;
            default: throw new InvalidOperationException($"The effect {effect.GetType().Name} is not supported.");
        }
    }

    private static bool IsPacked(WorkflowEffect effect) => effect is WorkflowEffect.Run { Pack: not null };

    /// <summary>Whether a job of an item is stopped; a slice and a child are sent a request.</summary>
    private bool IsStopOfItem(WorkflowEffect effect) =>
        effect is WorkflowEffect.Stop { Attempt: { Item: not null, IsCompensation: false } run }
        && !_slices.ContainsKey(run)
        && plan[plan.Find(run.Step)!.Value].Action is ForEachAction { Each: JobAction };

    private StepAttemptInput Order(WorkflowState state, StepRun run, DateTimeOffset at, DateTimeOffset? deadline = null) =>
        StepAttemptInput.Of(plan, state, run, at, deadline, passage.CorrelationId, passage.TraceParent);

    private StepPackInput PackOf(WorkflowState state, IReadOnlyList<PackedAttempt> items) =>
        new(Order(state, items[0].Run, items[0].At), items);

    private async Task<IReadOnlyList<WorkflowEvent>> RunPackAsync(StepPackInput pack)
    {
        try
        {
            return OrchestrationJson.Read<IReadOnlyList<WorkflowEvent>>(
                await context.CallActivityAsync<string>(ItemActivities.Run, OrchestrationJson.Write(pack), Activities.Patient));
        }
        catch (TaskFailedException e)
        {
            return [.. pack.Items.Select(item => OutcomeUnknown(item.Run, e))];
        }
    }

    private void StopItems(StepPackInput stops) => inFlight.Add(
        InFlightKind.Duty,
        context.CallActivityAsync<object?>(ItemActivities.Stop, OrchestrationJson.Write(stops), Activities.Persistent));

    private Task<WorkflowEvent?> RunAsync(StepAttemptInput order) =>
        order.IsChild ? RunChildAsync(order) : AnswerAsync(RunStepActivity.Name, order);

    private async Task<WorkflowEvent?> AnswerAsync(TaskName activity, StepAttemptInput order)
    {
        try
        {
            return OrchestrationJson.Read<WorkflowEvent>(
                await context.CallActivityAsync<string>(activity, OrchestrationJson.Write(order), Activities.Patient));
        }
        catch (TaskFailedException e)
        {
            return OutcomeUnknown(order.Run, e);
        }
    }

    private async Task<WorkflowEvent?> RunChildAsync(StepAttemptInput order)
    {
        try
        {
            var prepared = OrchestrationJson.Read<PreparedChild>(
                await context.CallActivityAsync<string>(
                    InstanceActivities.PrepareChild, OrchestrationJson.Write(order), Activities.Patient));
            if (prepared.AskAgainAt is { } later)
                return new WorkflowEvent.Deferred(order.Run, later);
            if (prepared.Instance is not { } child)
                return new WorkflowEvent.Failed(order.Run, prepared.Error ?? "the child workflow can't be started", IsPermanent: true);
            if (_stopped.Contains(order.Run))
                return await CancelChildAsync(order.Run, child);
            _children[order.Run] = child.Id;
            var end = await CallAsync(child.Id, OrchestrationInput.Of(child, passage.Interpreter, strands.AreOn ? prepared.Quick : null));
            return end.Status == WorkflowStatus.Completed
                ? new WorkflowEvent.Succeeded(order.Run)
                : new WorkflowEvent.Failed(
                    order.Run, $"workflow {child.Id} {end.Status}: {end.Reason}", IsPermanent: end.Status != WorkflowStatus.Failed);
        }
        catch (TaskFailedException e)
        {
            return OutcomeUnknown(order.Run, e);
        }
        finally
        {
            _children.Remove(order.Run);
        }
    }

    /// <summary>Ends a child workflow instance that was created but must not start any more.</summary>
    private async Task<WorkflowEvent> CancelChildAsync(StepRun run, WorkflowInstance child)
    {
        var ended = WorkflowMachine.Evolve(
            new WorkflowPlan(child.Definition), child.State, new WorkflowEvent.TerminateRequested(StoppedByParent), child.State.UpdatedAt);
        await context.CallActivityAsync<object?>(InstanceActivities.End, OrchestrationJson.Write(ended.State), Activities.Persistent);
        return new WorkflowEvent.Failed(run, "stopped before it started", IsPermanent: true);
    }

    private async Task<WorkflowEvent?> RunSliceAsync(WorkflowState state, WorkflowEffect.RunSlice effect)
    {
        var run = effect.Attempt;
        var slice = new WorkflowSlice(run, effect.Count, effect.MaxParallel)
        {
            PerPack = state.Steps[plan.Find(run.Step)!.Value].PerPack,
        };
        // The id of a workflow instance never contains a tilde.
        var id = $"{context.InstanceId}~{run.Step}~{run.Item}~{run.Generation}";
        _slices[run] = id;
        _openSlices.Add(run);
        try
        {
            var end = await CallAsync(id, passage.Of(slice, state));
            return end.Slice;
        }
        catch (TaskFailedException e)
        {
            return new WorkflowEvent.SliceEnded(run, Done: 0, Attempts: 1, e.FailureDetails.ErrorMessage);
        }
        finally
        {
            _openSlices.Remove(run);
        }
    }

    private void Stop(WorkflowEffect.Stop stop, StepAttemptInput order)
    {
        WorkflowEvent request = stop.IsAbrupt
            ? new WorkflowEvent.TerminateRequested(StoppedByParent)
            : new WorkflowEvent.CancelRequested(StoppedByParent);
        if (_slices.TryGetValue(stop.Attempt, out var slice))
            Send(slice, request);
        else if (_children.TryGetValue(stop.Attempt, out var child))
            Send(child, request);
        else if (order.IsChild)
            _stopped.Add(stop.Attempt);
        else
        {
            inFlight.Add(
                InFlightKind.Duty,
                context.CallActivityAsync<object?>(InstanceActivities.Stop, OrchestrationJson.Write(order), Activities.Persistent));
        }
    }

    private void Send(string orchestration, WorkflowEvent request) =>
        context.SendEvent(orchestration, Signals.Name, OrchestrationJson.Write(request));

    private async Task<OrchestrationOutput> CallAsync(string id, OrchestrationInput with) => OrchestrationJson.Read<OrchestrationOutput>(
        await context.CallSubOrchestratorAsync<string>(
            WorkflowOrchestrator.Name, OrchestrationJson.Write(with), new SubOrchestrationOptions(instanceId: id)));

    /// <summary>Creates a failure for an attempt whose outcome is unknown; it may be retried.</summary>
    private static WorkflowEvent.Failed OutcomeUnknown(StepRun run, TaskFailedException error) =>
        new(run, error.FailureDetails.ErrorMessage, IsPermanent: false);
}
