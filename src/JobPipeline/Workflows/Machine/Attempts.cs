using JobPipeline.Jobs;
using JobPipeline.Workflows.Definitions;

namespace JobPipeline.Workflows.Machine;

/// <summary>
/// Applies the results of step attempts. A result counts only if its attempt is running; any other result is too late.
/// </summary>
internal static class Attempts
{
    public static void Succeeded(Turn turn, StepRun run)
    {
        if (!IsAwaited(turn, run) || FindRunning(turn, run) is not ({ } place, { } slot))
            return;
        turn.CancelTimeout(place, slot);
        if (turn[place].Status == StepStatus.Compensating)
            Endings.Undone(turn, place, StepStatus.Compensated);
        else if (slot.Item is null)
            turn.Finish(place, StepStatus.Succeeded);
        else
            FanOut.ItemDone(turn, place, slot);
    }

    public static bool IsAwaited(Turn turn, StepRun run) =>
        FindRunning(turn, run) is ({ } place, _) && turn[place].Status != StepStatus.Expanding;

    public static void Failed(Turn turn, StepRun run, string error, bool isPermanent)
    {
        if (FindRunning(turn, run) is not ({ } place, { } slot))
            return;
        turn.CancelTimeout(place, slot);
        Fail(turn, place, slot, error, isPermanent);
    }

    /// <summary>
    /// Starts the attempt again later. It doesn't count as a further attempt, and its time limit keeps running.
    /// </summary>
    public static void Deferred(Turn turn, StepRun run, DateTimeOffset until)
    {
        if (FindRunning(turn, run) is not ({ } place, { } slot))
            return;
        if (slot.IsStopping)
        {
            turn.CancelTimeout(place, slot);
            Stopped(turn, place, slot);
            return;
        }

        var later = slot with { StartAt = until, Deferrals = slot.Deferrals + 1, Pack = null };
        turn.Replace(place, slot, later);
        turn.Add(new WorkflowEffect.SetTimer(turn.RunOf(place, later), TimerPurpose.Start, until));
    }

    public static void Fail(Turn turn, int place, Slot slot, string error, bool isPermanent)
    {
        turn.Note(place, error);
        if (slot.IsStopping)
            Stopped(turn, place, slot);
        else if (!isPermanent && slot.Attempt < turn.Plan[place].Retry.MaxAttempts)
            Retry(turn, place, slot);
        else if (turn[place].Status == StepStatus.Compensating)
            Endings.Undone(turn, place, StepStatus.CompensationFailed);
        else if (slot.Item is null)
            turn.Finish(place, StepStatus.Failed);
        else
            FanOut.ItemFailed(turn, place, slot);
    }

    private static void Retry(Turn turn, int place, Slot slot)
    {
        var delay = turn.Plan[place].Retry.Backoff.DelayAfter(
            slot.Attempt, $"{turn.State.Instance}/{turn.Plan[place].Id}/{slot.Item}");
        var next = new Slot(slot.Attempt + 1, slot.Item) { StartAt = turn.Now + delay };
        turn.Replace(place, slot, next);
        turn.Add(new WorkflowEffect.SetTimer(turn.RunOf(place, next), TimerPurpose.Start, next.StartAt.Value));
    }

    public static void Stopped(Turn turn, int place, Slot slot)
    {
        turn.Remove(place, slot);
        if (turn[place].Slots.IsEmpty)
            turn.Finish(place, StepStatus.Cancelled);
    }

    public static (int Place, Slot Slot)? FindRunning(Turn turn, StepRun run) =>
        turn.Find(run) is ({ } place, { StartAt: null, IsHeld: false, Count: 0 } slot)
        && (run.IsCompensation || turn.Plan[place].Action is not (WaitAction or DelayAction))
            ? (place, slot)
            : null;
}
