using JobPipeline.Workflows.Definitions;

namespace JobPipeline.Workflows.Machine;

/// <summary>Suspends, resumes, cancels, compensates and ends a workflow instance.</summary>
internal static class Endings
{
    /// <summary>Suspends the workflow instance. The reason for a cancellation or compensation in progress is kept.</summary>
    public static void Suspend(Turn turn, string reason) => turn.State = turn.State with
    {
        IsSuspended = true,
        Reason = turn.State.Status == WorkflowStatus.Running ? reason : turn.State.Reason,
    };

    public static void Resume(Turn turn)
    {
        if (!turn.State.IsSuspended)
            return;
        turn.State = turn.State with
        {
            IsSuspended = false,
            Reason = turn.State.Status == WorkflowStatus.Running ? null : turn.State.Reason,
        };
        for (var place = 0; place < turn.Plan.Count; place++)
            StartHeld(turn, place);
        turn.LookAtAll();
    }

    /// <summary>
    /// Cancels pending steps and requests running steps to stop. Once these have answered, compensates completed steps.
    /// </summary>
    public static void Cancel(Turn turn, string reason)
    {
        if (turn.State.Status != WorkflowStatus.Running)
            return;
        turn.State = turn.State with { Status = WorkflowStatus.Cancelling, IsSuspended = false, Reason = reason };
        for (var place = 0; place < turn.Plan.Count; place++)
        {
            if (!turn.IsGivenUp(place))
                StartHeld(turn, place);
            else if (turn[place].Status == StepStatus.Pending)
                turn.Finish(place, StepStatus.Cancelled);
            else if (turn[place].Status is StepStatus.Expanding or StepStatus.Running)
                StopStep(turn, place);
        }

        turn.LookAtAll();
    }

    public static void Terminate(Turn turn, string reason) => Stop(turn, WorkflowStatus.Terminated, reason);

    /// <summary>Ends the workflow instance at once, without compensation.</summary>
    public static void Stop(Turn turn, WorkflowStatus status, string reason)
    {
        for (var place = 0; place < turn.Plan.Count; place++)
        {
            if (turn[place].Status.IsDone() && turn[place].Status != StepStatus.Compensating)
                continue;
            foreach (var slot in turn[place].Slots)
                Abandon(turn, place, slot, isAbrupt: true);
            turn[place] = turn[place] with
            {
                Status = turn[place].Status == StepStatus.Compensating ? StepStatus.CompensationFailed : StepStatus.Cancelled,
                EndedAt = turn.Now,
                Slots = [],
            };
        }

        End(turn, status, reason);
    }

    /// <summary>Fails and compensates a completed workflow instance whose output could not be evaluated or stored.</summary>
    public static void OutputFailed(Turn turn, string error)
    {
        if (turn.State.Status == WorkflowStatus.Completed)
            Compensate(turn, WorkflowStatus.Failed, error);
    }

    /// <summary>Ends or compensates the workflow instance once every step is done.</summary>
    public static void Conclude(Turn turn)
    {
        if (turn.IsCancelling)
            Compensate(turn, WorkflowStatus.Cancelled);
        else if (FindUnhandled(turn) is { } failed)
            Compensate(turn, WorkflowStatus.Failed, $"step '{turn.Plan[failed].Id}' failed: {turn[failed].Error}");
        else
            End(turn, WorkflowStatus.Completed, null);
    }

    /// <summary>Records the result of a compensation and starts the next one, in reverse order of completion.</summary>
    public static void Undone(Turn turn, int place, StepStatus status)
    {
        turn[place] = turn[place] with { Status = status, Slots = [] };
        CompensateNext(turn);
    }

    private static void Compensate(Turn turn, WorkflowStatus outcome, string? reason = null)
    {
        turn.State = turn.State with { Status = WorkflowStatus.Compensating, Outcome = outcome, Reason = reason ?? turn.State.Reason };
        CompensateNext(turn);
    }

    private static void CompensateNext(Turn turn)
    {
        for (var i = turn.State.Completed.Length - 1; i >= 0; i--)
        {
            var place = turn.State.Completed[i];
            if (turn[place].Status != StepStatus.Succeeded || turn.Plan[place].Compensate is null)
                continue;
            var slot = new Slot(1);
            turn[place] = turn[place] with { Status = StepStatus.Compensating, Slots = [slot] };
            Scheduling.Start(turn, place, slot);
            return;
        }

        End(turn, turn.State.Outcome!.Value, turn.State.Reason);
    }

    private static void End(Turn turn, WorkflowStatus status, string? reason)
    {
        turn.State = turn.State with { Status = status, IsSuspended = false, Reason = reason };
        turn.Add(new WorkflowEffect.End(status, reason));
    }

    /// <summary>Starts the attempts that became due while the workflow instance was suspended.</summary>
    private static void StartHeld(Turn turn, int place)
    {
        foreach (var held in turn[place].Slots.Where(slot => slot is { IsHeld: true, Pack: null }).ToList())
            Scheduling.Start(turn, place, held);
        if (turn[place].Status == StepStatus.Running && turn.Plan[place].Action is ForEachAction)
            FanOut.Fill(turn, place);
    }

    private static void StopStep(Turn turn, int place)
    {
        foreach (var slot in turn[place].Slots)
        {
            if (turn.IsOutside(place, slot))
            {
                turn.Replace(place, slot, slot with { IsStopping = true });
                turn.Add(new WorkflowEffect.Stop(turn.RunOf(place, slot), slot.SentAt ?? turn.Now));
            }
            else
            {
                Abandon(turn, place, slot);
                turn.Remove(place, slot);
            }
        }

        if (turn[place].Slots.IsEmpty)
            turn.Finish(place, StepStatus.Cancelled);
    }

    private static void Abandon(Turn turn, int place, Slot slot, bool isAbrupt = false)
    {
        var run = turn.RunOf(place, slot);
        turn.CancelTimeout(place, slot);
        if (slot.StartAt is not null)
            turn.Add(new WorkflowEffect.CancelTimer(run, TimerPurpose.Start));
        else if (turn.Plan[place].Action is DelayAction && !run.IsCompensation)
            turn.Add(new WorkflowEffect.CancelTimer(run, TimerPurpose.Delay));
        else if (turn.IsOutside(place, slot))
            turn.Add(new WorkflowEffect.Stop(run, slot.SentAt ?? turn.Now, isAbrupt));
    }

    /// <summary>Finds a failed step whose failure was not handled by a step that runs on failure.</summary>
    private static int? FindUnhandled(Turn turn)
    {
        for (var place = 0; place < turn.Plan.Count; place++)
        {
            if (turn[place].Status == StepStatus.Failed && !IsHandled(turn, place))
                return place;
        }

        return null;
    }

    private static bool IsHandled(Turn turn, int place)
    {
        foreach (var dependent in turn.Plan.Dependents(place))
        {
            if (turn.Plan[dependent].When == TriggerRule.AnyFailed && turn[dependent].Status == StepStatus.Succeeded)
                return true;
        }

        return false;
    }
}
