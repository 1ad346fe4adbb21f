using JobPipeline.Diagnostics;
using JobPipeline.Execution.Verdicts;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Workflows.Activities;

/// <summary>
/// Carries out operations of a workflow instance, other than running step attempts, for an interpreter that awaits the result.
/// Every operation is idempotent.
/// </summary>
public sealed class InstanceActivity
{
    private const int MaxRounds = 10;

    private readonly JobRegistry _registry;
    private readonly ChildDefinitions _children;
    private readonly StepInputResolver _edge;
    private readonly InstanceValues _values;
    private readonly IWorkflowStore _store;
    private readonly IWorkflowData _data;
    private readonly FaultRules _faults;
    private readonly TimeProvider _time;
    private readonly ILogger<InstanceActivity> _logger;

    internal InstanceActivity(
        JobRegistry registry,
        ChildDefinitions children,
        StepInputResolver edge,
        InstanceValues values,
        IWorkflowStore store,
        IWorkflowData data,
        FaultRules errors,
        TimeProvider time,
        ILogger<InstanceActivity> logger) =>
        (_registry, _children, _edge, _values, _store, _data, _faults, _time, _logger) =
        (registry, children, edge, values, store, data, errors, time, logger);

    /// <summary>Evaluates the list of a fan-out and returns the resulting workflow event.</summary>
    internal async Task<WorkflowEvent> ExpandAsync(StepAttemptInput order, CancellationToken cancellationToken)
    {
        try
        {
            var count = await _edge.ExpandAsync(order.Scope, order.Run, (ForEachAction)order.Action, cancellationToken);
            return new WorkflowEvent.ItemsExpanded(order.Run, count) { PerPack = PerPackOf(order) };
        }
        catch (Exception e) when (_faults.Of(e) == FaultKind.Permanent)
        {
            return new WorkflowEvent.Failed(order.Run, e.Message, IsPermanent: true);
        }
    }

    /// <summary>Creates a workflow instance without starting it. Returns null if it was created concurrently.</summary>
    internal async Task<WorkflowInstance?> MakeAsync(
        WorkflowDefinition definition,
        string id,
        ReadOnlyMemory<byte> input,
        WorkflowOrigin? parent,
        string? correlationId,
        int itemsPerSlice,
        CancellationToken cancellationToken,
        string? traceParent = null)
    {
        var staged = await _data.StageInputAsync(id, input, cancellationToken);
        var created = WorkflowInstance.Create(definition, id, parent, correlationId, _time.GetUtcNow(), itemsPerSlice);
        var instance = created with { StagedInput = staged };
        // A child is created within an activity of the host, which has a trace of its own.
        instance = instance with { TraceParent = traceParent ?? instance.TraceParent };
        if (await _store.TryWriteAsync(instance, cancellationToken) is not { } version)
            return null;
        _values.Started(definition);
        await _data.KeepInputAsync(instance, cancellationToken);
        return instance with { Version = version };
    }

    /// <summary>
    /// Completes the creation of a workflow instance before it is started, because its creator may have crashed.
    /// </summary>
    internal Task CompleteAsync(WorkflowInstance made, CancellationToken cancellationToken) =>
        _data.KeepInputAsync(made, cancellationToken);

    /// <summary>
    /// Creates the child workflow instance of a step attempt from the newest definition, without starting it. An existing child
    /// is not changed.
    /// </summary>
    internal async Task<PreparedChild> PrepareChildAsync(StepAttemptInput order, int itemsPerSlice, CancellationToken cancellationToken)
    {
        try
        {
            var child = (ChildAction)order.Action;
            var id = order.Id.ToString();
            if (await _store.ReadAsync(id, cancellationToken) is { } existing)
            {
                await _data.KeepInputAsync(existing, cancellationToken);
                return Prepared(existing);
            }

            var (definition, askAgainAt) = _children.Find(child.Name, order);
            if (definition is null)
                return new PreparedChild(null, null) { AskAgainAt = askAgainAt };
            var input = await _edge.FillAsync(order.Scope, child.Input, order.Run, cancellationToken);
            await _data.NoteChildAsync(order.Scope.Instance, id, cancellationToken);
            var made = await MakeAsync(
                    definition, id, input, order.Origin, order.CorrelationId, itemsPerSlice, cancellationToken, order.TraceParent)
                ?? await _store.ReadAsync(id, cancellationToken);
            return Prepared(made);
        }
        catch (Exception e) when (_faults.Of(e) == FaultKind.Permanent)
        {
            return new PreparedChild(null, e.Message);
        }
    }

    /// <summary>
    /// Stores the payload of an event as the step's output. If that is not possible, the step has no output. The span of this
    /// operation belongs to the trace that started the workflow, and is linked to the trace that raised the event.
    /// </summary>
    /// <param name="workflow">The name of the workflow.</param>
    /// <param name="instance">The id of the workflow instance.</param>
    /// <param name="taken">The effect that delivers the event.</param>
    /// <param name="traceParent">The W3C trace context of the workflow's start.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <exception cref="Exception">Storage is unavailable; retry the call.</exception>
    internal async Task TakeAsync(
        string workflow, string instance, WorkflowEffect.TakeEvent taken, string? traceParent, CancellationToken cancellationToken)
    {
        using var span = JobTracing.StartWorkflowTurn(workflow, instance, traceParent, [taken.TraceParent]);
        try
        {
            await _values.TakeAsync(instance, taken, cancellationToken);
        }
        catch (Exception e) when (_faults.Of(e) != FaultKind.Outage)
        {
            WorkflowLog.GivenUp(_logger, e, "takeEvent", instance);
        }
    }

    /// <summary>
    /// Saves the state of a workflow instance for display. An older state never replaces a newer one. A state that can't be
    /// stored is skipped.
    /// </summary>
    /// <exception cref="Exception">Storage is unavailable; retry the call.</exception>
    internal async Task SaveAsync(WorkflowState state, CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(state, cancellationToken);
        }
        catch (Exception e) when (_faults.Of(e) != FaultKind.Outage)
        {
            WorkflowLog.NotShown(_logger, e, state.Instance);
        }
    }

    /// <summary>
    /// Stores the output of a workflow instance, also for its parent, and then saves its final state for display. Returns an
    /// event for the machine if the output can't be evaluated or stored, so that the workflow instance fails; otherwise null.
    /// </summary>
    /// <exception cref="Exception">Storage is unavailable; retry the call.</exception>
    internal async Task<WorkflowEvent?> EndAsync(WorkflowState state, CancellationToken cancellationToken)
    {
        if (await _store.ReadAsync(state.Instance, cancellationToken) is not { } instance)
            return null;
        try
        {
            if (state.Status == WorkflowStatus.Completed)
                await KeepOutputAsync(instance, state, cancellationToken);
        }
        catch (Exception e) when (_faults.Of(e) != FaultKind.Outage)
        {
            WorkflowLog.NoOutput(_logger, e, state.Instance);
            return new WorkflowEvent.OutputFailed(InstanceValues.WhyNoOutput(e));
        }

        _values.Ended(instance.Definition, state);
        await ShowEndAsync(state, cancellationToken);
        return null;
    }

    private PreparedChild Prepared(WorkflowInstance? child) =>
        new(child, null) { Quick = child is null ? null : QuickTypes.Of(child.Definition, _registry) };

    private int PerPackOf(StepAttemptInput order) =>
        order.MayPack && ((ForEachAction)order.Action).Each is JobAction job
            ? PackRules.PerPack(_registry.Find(job.Type)?.DurationInCompany, order.Timeout)
            : 0;

    private async Task KeepOutputAsync(WorkflowInstance instance, WorkflowState state, CancellationToken cancellationToken)
    {
        var scope = StepScope.OfOutput(new WorkflowPlan(instance.Definition), state);
        var output = await _values.KeepOutputAsync(scope, instance.Definition.Output, cancellationToken);
        if (instance.Parent is { Run: var run } parent)
            {
                var name = WorkflowDataName.Step(run.Step, run.Item);
                await _data.TryWriteOutputAsync(parent.Instance, name, run.Rank, output ?? "null"u8.ToArray(), cancellationToken);
            }
    }

    private async Task ShowEndAsync(WorkflowState state, CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(state, cancellationToken);
        }
        catch (Exception e) when (_faults.Of(e) != FaultKind.Outage)
        {
            // The state may be too large to be stored: save only that the workflow instance ended.
            WorkflowLog.NotShown(_logger, e, state.Instance);
            if (await _store.ReadAsync(state.Instance, cancellationToken) is { State: var shown } && !shown.Status.IsTerminal())
                await WriteAsync(WorkflowMachine.BreakOff(shown, state.Status, state.Reason ?? "", state.UpdatedAt), cancellationToken);
        }
    }

    private async Task WriteAsync(WorkflowState state, CancellationToken cancellationToken)
    {
        for (var round = 0; round < MaxRounds; round++)
        {
            if (await _store.ReadAsync(state.Instance, cancellationToken) is not { } stored || IsOlder(state, stored.State))
                return;
            if (await _store.TryWriteAsync(stored with { State = state }, cancellationToken) is not null)
                return;
        }

        throw new IOException($"Saving workflow {state.Instance} was given up after {MaxRounds} concurrent modifications.");
    }

    private static bool IsOlder(WorkflowState state, WorkflowState stored) =>
        state.Generation < stored.Generation
        || (state.Generation == stored.Generation && (stored.Status.IsTerminal() || ComesBefore(state, stored)));

    /// <summary>Compares clocks only where there are no numbers: those of two hosts may differ.</summary>
    private static bool ComesBefore(WorkflowState state, WorkflowState stored) => state.Sequence > 0
        ? state.Sequence < stored.Sequence
        : state.UpdatedAt < stored.UpdatedAt;
}
