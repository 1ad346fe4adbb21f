using JobPipeline.Jobs;
using JobPipeline.Workflows.Machine;
using Microsoft.DurableTask;

namespace JobPipeline.Functions.Durable.Version1;

/// <summary>
/// The timers that the workflow machine has set. Their due times are in its state; here they can be cancelled and set again. No
/// timer fires early: a delay is never shorter than requested, and a time limit never expires before its time.
/// </summary>
/// <param name="context">The orchestration.</param>
/// <param name="inFlight">The tasks that the orchestration waits for.</param>
/// <param name="resetsEarlyOnes">See <see cref="OrchestrationInput.ResetsEarlyTimers"/>.</param>
internal sealed class Timers(TaskOrchestrationContext context, InFlight inFlight, bool resetsEarlyOnes)
{
    /// <summary>The most by which a timer may fire early: Durable's Azure Storage back end truncates a delay to whole seconds.</summary>
    private static readonly TimeSpan Earliness = TimeSpan.FromSeconds(1);

    private readonly Dictionary<
        (StepRun, TimerPurpose),
        (WorkflowEffect.SetTimer Timer, CancellationTokenSource Cancellation, Task<WorkflowEvent?> Task)> _set = [];

    public void Set(WorkflowEffect.SetTimer timer)
    {
        Cancel(timer.Attempt, timer.Purpose);
        var cancellation = new CancellationTokenSource();
        var task = WaitAsync(timer, cancellation.Token);
        _set[(timer.Attempt, timer.Purpose)] = (timer, cancellation, task);
        inFlight.Add(InFlightKind.Timer, task);
    }

    public void Cancel(StepRun attempt, TimerPurpose purpose)
    {
        if (!_set.Remove((attempt, purpose), out var set))
            return;
        inFlight.Remove(set.Task);
        set.Cancellation.Cancel();
        set.Cancellation.Dispose();
    }

    /// <summary>Cancels all timers and returns those that were pending.</summary>
    public IReadOnlyList<WorkflowEffect.SetTimer> CancelAll()
    {
        var open = _set.Values.Where(set => !set.Task.IsCompleted).Select(set => set.Timer).ToList();
        foreach (var timer in _set.Values.Select(set => set.Timer).ToList())
            Cancel(timer.Attempt, timer.Purpose);
        return open;
    }

    private async Task<WorkflowEvent?> WaitAsync(WorkflowEffect.SetTimer timer, CancellationToken cancellation)
    {
        try
        {
            var due = timer.At.UtcDateTime;
            await context.CreateTimer(due, cancellation);
            // See ADR 17. Less than a second remains. A timer set to the same time would fire at once, again and again.
            while (resetsEarlyOnes && context.CurrentUtcDateTime < due)
                await context.CreateTimer(due + Earliness, cancellation);
            return new WorkflowEvent.TimerFired(timer.Attempt, timer.Purpose);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
