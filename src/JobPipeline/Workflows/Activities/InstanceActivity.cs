using JobPipeline.Diagnostics;
using JobPipeline.Execution.Verdicts;
using JobPipeline.Instances;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Workflows.Activities;

/// <summary>What else an instance wants done by an interpreter that waits for the answer. All of it may be repeated.</summary>
public sealed class InstanceActivity
{
    private const int MaxRounds = 10;

    private readonly ChildDefinitions _children;
    private readonly StepEdge _edge;
    private readonly InstanceValues _values;
    private readonly IWorkflowStore _store;
    private readonly IWorkflowData _data;
    private readonly FaultRules _faults;
    private readonly TimeProvider _time;
    private readonly ILogger<InstanceActivity> _logger;

    internal InstanceActivity(
        ChildDefinitions children,
        StepEdge edge,
        InstanceValues values,
        IWorkflowStore store,
        IWorkflowData data,
        FaultRules faults,
        TimeProvider time,
        ILogger<InstanceActivity> logger) =>
        (_children, _edge, _values, _store, _data, _faults, _time, _logger) = (children, edge, values, store, data, faults, time, logger);

    /// <summary>Works out the list of a fan-out. The answer is the event that the machine is told.</summary>
    public async Task<WorkflowEvent> ExpandAsync(StepOrder order, CancellationToken cancellationToken)
    {
        try
        {
            return new WorkflowEvent.ItemsExpanded(order.Run, await _edge.ExpandAsync(order.Scope, order.Run, (ForEachAction)order.Action, cancellationToken));
        }
        catch (Exception e) when (_faults.Of(e) == FaultKind.Permanent)
        {
            return new WorkflowEvent.Failed(order.Run, e.Message, IsPermanent: true);
        }
    }

    /// <summary>Makes an instance; it is not set in motion yet. Null: somebody else has made it meanwhile.</summary>
    public async Task<WorkflowInstance?> MakeAsync(
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
        var instance = WorkflowInstance.Create(definition, id, parent, correlationId, _time.GetUtcNow(), itemsPerSlice) with { StagedInput = staged };
        // A child is made within a call of the host's, which has a trace of its own.
        instance = instance with { TraceParent = traceParent ?? instance.TraceParent };
        if (await _store.TryWriteAsync(instance, cancellationToken) is not { } version)
            return null;
        _values.Started(definition);
        await _data.KeepInputAsync(instance, cancellationToken);
        return instance with { Version = version };
    }

    /// <summary>What has to be there before it is set in motion: whoever made it may have died before.</summary>
    public Task CompleteAsync(WorkflowInstance made, CancellationToken cancellationToken) => _data.KeepInputAsync(made, cancellationToken);

    /// <summary>Makes the child of an attempt, by the newest definition; it is not set in motion yet. One that was made before is left as it is.</summary>
    public async Task<PreparedChild> PrepareChildAsync(StepOrder order, int itemsPerSlice, CancellationToken cancellationToken)
    {
        try
        {
            var child = (ChildAction)order.Action;
            var id = order.Id.ToString();
            if (await _store.ReadAsync(id, cancellationToken) is { } existing)
            {
                await _data.KeepInputAsync(existing, cancellationToken);
                return new PreparedChild(existing, null);
            }

            var (definition, askAgainAt) = _children.Find(child.Name, order);
            if (definition is null)
                return new PreparedChild(null, null) { AskAgainAt = askAgainAt };
            var input = await _edge.FillAsync(order.Scope, child.Input, order.Run, cancellationToken);
            await _data.NoteChildAsync(order.Scope.Instance, id, cancellationToken);
            var made = await MakeAsync(
                    definition, id, input, order.Origin, order.CorrelationId, itemsPerSlice, cancellationToken, order.TraceParent)
                ?? await _store.ReadAsync(id, cancellationToken);
            return new PreparedChild(made, null);
        }
        catch (Exception e) when (_faults.Of(e) == FaultKind.Permanent)
        {
            return new PreparedChild(null, e.Message);
        }
    }

    /// <summary>
    /// What an event carried becomes the step's output; where that can't be, the step has none. The span of this is part of
    /// the trace that started the workflow, and linked to the trace that raised the event.
    /// </summary>
    /// <param name="workflow">The workflow's name.</param>
    /// <param name="instance">The instance.</param>
    /// <param name="taken">The event.</param>
    /// <param name="traceParent">W3C trace context of the workflow's start.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <exception cref="Exception">Storage can't be reached: to be tried again.</exception>
    public async Task TakeAsync(
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

    /// <summary>Shows people how far an instance has come. Never goes back: of two that were sent the newer one stays. What can't be shown is left out.</summary>
    /// <exception cref="Exception">Storage can't be reached: to be tried again.</exception>
    public async Task SaveAsync(WorkflowState state, CancellationToken cancellationToken)
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
    /// Keeps what an instance returns, for its parent too, and then shows that it has ended. The answer is an event that the machine is
    /// told: it has no output, and so has failed. Null: it has ended.
    /// </summary>
    /// <exception cref="Exception">Storage can't be reached: to be tried again.</exception>
    public async Task<WorkflowEvent?> EndAsync(WorkflowState state, CancellationToken cancellationToken)
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

    private async Task KeepOutputAsync(WorkflowInstance instance, WorkflowState state, CancellationToken cancellationToken)
    {
        var scope = StepScope.OfOutput(new WorkflowPlan(instance.Definition), state);
        var output = await _values.KeepOutputAsync(scope, instance.Definition.Output, cancellationToken);
        if (instance.Parent is { Run: var run } parent)
            await _data.TryWriteOutputAsync(parent.Instance, WorkflowDataName.Step(run.Step, run.Item), run.Rank, output ?? "null"u8.ToArray(), cancellationToken);
    }

    private async Task ShowEndAsync(WorkflowState state, CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(state, cancellationToken);
        }
        catch (Exception e) when (_faults.Of(e) != FaultKind.Outage)
        {
            // Perhaps it is too large to be stored: the least that tells of the end.
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

        throw new IOException($"Others keep writing workflow {state.Instance}.");
    }

    private static bool IsOlder(WorkflowState state, WorkflowState stored) =>
        state.Generation < stored.Generation || (state.Generation == stored.Generation && (state.UpdatedAt < stored.UpdatedAt || stored.Status.IsTerminal()));
}

/// <summary>A child that is to be set in motion.</summary>
/// <param name="Instance">The child; null: it can't be made.</param>
/// <param name="Fault">Why, for people.</param>
public sealed record PreparedChild(WorkflowInstance? Instance, string? Fault)
{
    /// <summary>When to ask again, where this instance of the host does not know the child's definition; another one may.</summary>
    public DateTimeOffset? AskAgainAt { get; init; }
}
