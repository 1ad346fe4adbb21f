using JobPipeline.Workflows.Definitions;

namespace JobPipeline.Workflows.Machine;

/// <summary>Starts the steps that may run, and ends the workflow instance when every step is done.</summary>
internal static class Scheduling
{
    /// <summary>Starts a new workflow instance by evaluating every step. The only step of a slice is already running.</summary>
    public static void SetInMotion(Turn turn)
    {
        for (var place = 0; place < turn.Plan.Count; place++)
        {
            if (turn.Plan[place].Action is ForEachAction && turn[place].Status == StepStatus.Running)
                FanOut.Fill(turn, place);
        }

        turn.LookAtAll();
    }

    public static void Advance(Turn turn)
    {
        if (turn.State.IsSuspended || turn.State.Status.IsTerminal())
            return;
        while (turn.NextToLookAt() is { } place)
        {
            if (turn[place].Status == StepStatus.Pending && AreNeedsDone(turn, place))
                Begin(turn, place);
        }

        if (turn.State.Status is WorkflowStatus.Running or WorkflowStatus.Cancelling && turn.AreAllDone)
            Endings.Conclude(turn);
    }

    /// <summary>Starts an attempt, or holds it while the workflow instance is suspended.</summary>
    public static void Start(Turn turn, int place, Slot slot)
    {
        if (turn.State.IsSuspended)
        {
            turn.Replace(place, slot, slot with { StartAt = null, IsHeld = true });
            return;
        }

        var deadline = slot.Deadline ?? (turn.Plan[place].Timeout is { } timeout ? turn.Now + timeout : null);
        var running = slot with { StartAt = null, IsHeld = false, Deadline = deadline, SentAt = slot.SentAt ?? turn.IdsAt };
        turn.Replace(place, slot, running);
        if (turn[place].Status != StepStatus.Compensating)
            turn[place] = turn[place] with { Attempts = Math.Max(turn[place].Attempts, slot.Attempt) };
        if (turn[place].Status != StepStatus.Expanding && slot.Item is null)
            turn.NoteSent(place, running);
        var run = turn.RunOf(place, running);
        turn.Add(turn[place].Status == StepStatus.Expanding
            ? new WorkflowEffect.Expand(run)
            : new WorkflowEffect.Run(run, running.SentAt.Value, deadline) { Pack = running.Pack });
        if (slot.Deadline is null && deadline is { } at)
            turn.Add(new WorkflowEffect.SetTimer(turn.LimitOf(place, running), TimerPurpose.Timeout, at));
    }

    private static bool AreNeedsDone(Turn turn, int place)
    {
        foreach (var need in turn.Plan.Needs(place))
        {
            if (!turn[need].Status.IsDone())
                return false;
        }

        return true;
    }

    private static void Begin(Turn turn, int place)
    {
        var step = turn.Plan[place];
        if (!MayRun(turn, place, step.When))
        {
            turn.Finish(place, turn.IsCancelling ? StepStatus.Cancelled : StepStatus.Skipped);
            return;
        }

        var slot = new Slot(1);
        turn[place] = turn[place] with
        {
            Status = step.Action is ForEachAction ? StepStatus.Expanding : StepStatus.Running,
            StartedAt = turn.Now,
            Attempts = step.Action is WaitAction or DelayAction ? 1 : 0,
            Slots = [slot],
        };
        switch (step.Action)
        {
            case WaitAction wait:
                Mailbox.Wait(turn, place, slot, wait);
                break;
            case DelayAction delay:
                turn.Add(new WorkflowEffect.SetTimer(turn.RunOf(place, slot), TimerPurpose.Delay, turn.Now + delay.Duration));
                break;
            default:
                Start(turn, place, slot);
                break;
        }
    }

    private static bool MayRun(Turn turn, int place, TriggerRule rule)
    {
        var (succeeded, failed) = (true, false);
        foreach (var need in turn.Plan.Needs(place))
        {
            succeeded &= turn[need].Status == StepStatus.Succeeded;
            failed |= turn[need].Status == StepStatus.Failed;
        }

        return rule switch
        {
            TriggerRule.Always => true,
            _ when turn.IsCancelling => false,
            TriggerRule.AllDone => true,
            TriggerRule.AnyFailed => failed,
            _ => succeeded,
        };
    }
}
