using JobPipeline.Workflows.Machine;
using Microsoft.DurableTask;

namespace JobPipeline.Functions.Durable;

/// <summary>
/// Keeps the stored workflow instance, which the API shows, up to date with an activity: one write at a time, always with the
/// newest state, and no step waits for it. While something runs it is written at most every second; what changes in between is
/// written by a timer, unless a later change comes first. Progress that affects only fan-out items is written at most every ten
/// seconds. Written at once: an instance that only waits, and the effect of a request, such as a cancellation.
/// </summary>
internal sealed class Projection(TaskOrchestrationContext context, InFlight inFlight)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ItemInterval = TimeSpan.FromSeconds(10);

    private Task _saving = Task.CompletedTask;
    private WorkflowState? _unsaved;
    private bool _isUrgent;
    private bool _isOfSteps;
    private DateTime _savedAt = context.CurrentUtcDateTime;
    private Action? _cancelTimer;

    public void Changed(WorkflowState before, WorkflowState state)
    {
        _unsaved = state;
        _isUrgent |= before.Status != state.Status || before.IsSuspended != state.IsSuspended;
        _isOfSteps |= before.Mailbox != state.Mailbox || before.Steps.Zip(state.Steps).Any(step => IsOfSteps(step.First, step.Second));
    }

    /// <summary>Writes the newest state if it is time to, before the orchestration waits.</summary>
    public void BeforeWait()
    {
        if (_unsaved is null || !_saving.IsCompleted)
            return;
        if (_isUrgent || inFlight.IsQuiet || context.CurrentUtcDateTime >= _savedAt + (_isOfSteps ? Interval : ItemInterval))
            inFlight.Add(InFlightKind.Work, _saving = SaveAsync(_unsaved));
        else if (_isOfSteps && _cancelTimer is null)
            inFlight.Add(InFlightKind.Timer, WaitAsync());
    }

    /// <summary>Cancels the timer, which would keep the orchestration open.</summary>
    public void Stop()
    {
        _cancelTimer?.Invoke();
        _cancelTimer = null;
    }

    /// <summary>Stores the final state. Returns an event instead if the workflow instance has no output and has therefore failed.</summary>
    public async Task<WorkflowEvent?> EndAsync(WorkflowState state)
    {
        _unsaved = null;
        await _saving;
        return OrchestrationJson.ReadAny<WorkflowEvent>(
            await context.CallActivityAsync<string?>(InstanceActivities.End, OrchestrationJson.Write(state), Activities.Persistent));
    }

    private async Task SaveAsync(WorkflowState state)
    {
        (_unsaved, _isUrgent, _isOfSteps, _savedAt) = (null, false, false, context.CurrentUtcDateTime);
        await context.CallActivityAsync<object?>(InstanceActivities.Save, OrchestrationJson.Write(state), Activities.Persistent);
    }

    private static bool IsOfSteps(StepState before, StepState step) =>
        before.Status != step.Status
        || before.IsFailing != step.IsFailing
        || before.Attempts != step.Attempts
        || (step.Items == 0 && before.Slots != step.Slots);

    private async Task WaitAsync()
    {
        var timer = new CancellationTokenSource();
        _cancelTimer = () =>
        {
            timer.Cancel();
            timer.Dispose();
        };
        try
        {
            // Timers may fire up to a second early.
            await context.CreateTimer(_savedAt + Interval + Interval, timer.Token);
        }
        catch (OperationCanceledException)
        {
            // The orchestration ends, or continues as new.
            return;
        }

        _cancelTimer = null;
        timer.Dispose();
    }
}
