using JobPipeline.Workflows.Machine;
using Microsoft.DurableTask;

namespace JobPipeline.Functions.Durable.Version1;

/// <summary>
/// Keeps the stored workflow instance, which the API shows, up to date with an activity: one write at a time, always with the
/// newest state. Changes that affect only fan-out items are written at most every ten seconds.
/// </summary>
internal sealed class Projection(TaskOrchestrationContext context, InFlight inFlight)
{
    private static readonly TimeSpan Stale = TimeSpan.FromSeconds(10);

    private Task _saving = Task.CompletedTask;
    private WorkflowState? _unsaved;
    private DateTime _savedAt = context.CurrentUtcDateTime;

    public void Changed(WorkflowState before, WorkflowState state)
    {
        if (!Matters(before, state) && context.CurrentUtcDateTime - _savedAt < Stale && _unsaved is null)
            return;
        _unsaved = state;
        if (_saving.IsCompleted)
            inFlight.Add(InFlightKind.Work, _saving = SaveAsync());
    }

    /// <summary>Stores the final state. Returns an event instead if the workflow instance has no output and has therefore failed.</summary>
    public async Task<WorkflowEvent?> EndAsync(WorkflowState state)
    {
        _unsaved = null;
        await _saving;
        return OrchestrationJson.ReadAny<WorkflowEvent>(
            await context.CallActivityAsync<string?>(InstanceActivities.End, OrchestrationJson.Write(state), Activities.Persistent));
    }

    private async Task SaveAsync()
    {
        while (_unsaved is { } state)
        {
            _unsaved = null;
            _savedAt = context.CurrentUtcDateTime;
            await context.CallActivityAsync<object?>(InstanceActivities.Save, OrchestrationJson.Write(state), Activities.Persistent);
        }
    }

    private static bool Matters(WorkflowState before, WorkflowState state) =>
        before.Status != state.Status
        || before.IsSuspended != state.IsSuspended
        || before.Generation != state.Generation
        || before.Mailbox != state.Mailbox
        || before.Steps.Zip(state.Steps).Any(pair => Matters(pair.First, pair.Second));

    private static bool Matters(StepState before, StepState step) =>
        before.Status != step.Status
        || before.IsFailing != step.IsFailing
        || before.Attempts != step.Attempts
        || (step.Items == 0 && before.Slots != step.Slots);
}
