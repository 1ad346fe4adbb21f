using JobPipeline.Jobs;
using JobPipeline.Workflows.Definitions;

namespace JobPipeline.Workflows.Machine;

/// <summary>Applies timers that fire. A timer that is no longer needed is ignored.</summary>
internal static class Timers
{
    public static void Fired(Turn turn, StepRun run, TimerPurpose purpose)
    {
        if (turn.Find(run, isLimit: purpose == TimerPurpose.Timeout) is not ({ } place, { } slot))
            return;
        switch (purpose)
        {
            case TimerPurpose.Start when slot.StartAt is not null:
                Scheduling.Start(turn, place, slot);
                break;
            case TimerPurpose.Delay when turn.Plan[place].Action is DelayAction && !run.IsCompensation:
                turn.Finish(place, StepStatus.Succeeded);
                break;
            case TimerPurpose.Timeout when slot.Deadline is not null:
                TimedOut(turn, place, slot);
                break;
        }
    }

    private static void TimedOut(Turn turn, int place, Slot slot)
    {
        if (turn.Plan[place].Action is WaitAction wait && turn[place].Status == StepStatus.Running)
        {
            if (wait.OnTimeout == TimeoutRule.Fail)
                turn.Note(place, $"event '{wait.Event}' was not raised within {turn.Plan[place].Timeout}");
            turn.Finish(place, wait.OnTimeout == TimeoutRule.Continue ? StepStatus.Succeeded : StepStatus.Failed);
            return;
        }

        if (slot.StartAt is not null)
            turn.Add(new WorkflowEffect.CancelTimer(turn.RunOf(place, slot), TimerPurpose.Start));
        else if (turn.IsOutside(place, slot))
            turn.Add(new WorkflowEffect.Stop(turn.RunOf(place, slot), slot.SentAt ?? turn.Now));
        Attempts.Fail(turn, place, slot, $"timed out after {turn.Plan[place].Timeout}", isPermanent: false);
    }
}
