using JobPipeline.Workflows.Definitions;

namespace JobPipeline.Workflows.Machine;

/// <summary>Delivers external events: to the first step that waits for the event, or to the mailbox for a later step.</summary>
internal static class Mailbox
{
    /// <summary>The maximum number of events in the mailbox, and of remembered event and request ids.</summary>
    public const int Size = 100;

    public static void Raised(Turn turn, WorkflowEvent.Raised raised)
    {
        if (IsTaken(turn, raised.Id) || turn.State.Mailbox.Any(kept => kept.Id == raised.Id))
            return;
        var arrived = new RaisedEvent(raised.Name, raised.Id) { TraceParent = raised.TraceParent };
        for (var place = 0; place < turn.Plan.Count; place++)
        {
            if (turn[place].Status == StepStatus.Running && turn.Plan[place].Action is WaitAction wait && wait.Event == raised.Name)
            {
                Take(turn, place, turn[place].Slots[0], arrived);
                return;
            }
        }

        if (turn.State.Mailbox.Length < Size)
            turn.State = turn.State with { Mailbox = turn.State.Mailbox.Add(arrived) };
    }

    public static void Wait(Turn turn, int place, Slot slot, WaitAction wait)
    {
        if (turn.State.Mailbox.FirstOrDefault(kept => kept.Name == wait.Event) is { } kept)
        {
            turn.State = turn.State with { Mailbox = turn.State.Mailbox.Remove(kept) };
            Take(turn, place, slot, kept);
        }
        else if (turn.Plan[place].Timeout is { } timeout)
        {
            var limited = slot with { Deadline = turn.Now + timeout };
            turn.Replace(place, slot, limited);
            turn.Add(new WorkflowEffect.SetTimer(turn.LimitOf(place, limited), TimerPurpose.Timeout, limited.Deadline.Value));
        }
    }

    /// <summary>Remembers the id of a request. Returns false if the id is already known.</summary>
    public static bool TryTake(Turn turn, string? id)
    {
        if (id is null)
            return true;
        if (IsTaken(turn, id))
            return false;
        Remember(turn, id);
        return true;
    }

    private static bool IsTaken(Turn turn, string id) => turn.State.TakenEvents.Contains(id, StringComparer.Ordinal);

    private static void Remember(Turn turn, string id) =>
        turn.State = turn.State with { TakenEvents = [.. turn.State.TakenEvents.TakeLast(Size - 1), id] };

    private static void Take(Turn turn, int place, Slot slot, RaisedEvent taken)
    {
        turn.CancelTimeout(place, slot);
        turn.Add(new WorkflowEffect.TakeEvent(turn.RunOf(place, slot), taken.Id) { TraceParent = taken.TraceParent });
        Remember(turn, taken.Id);
        turn.Finish(place, StepStatus.Succeeded);
    }
}
