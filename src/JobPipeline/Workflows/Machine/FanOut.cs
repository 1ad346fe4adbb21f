using JobPipeline.Workflows.Definitions;

namespace JobPipeline.Workflows.Machine;

/// <summary>
/// Runs the items of a fan-out with bounded parallelism. After an item has failed for good, no further items are started.
/// </summary>
internal static class FanOut
{
    public static void Expanded(Turn turn, WorkflowEvent.ItemsExpanded expanded)
    {
        var count = expanded.Count;
        if (turn.Find(expanded.Run) is not ({ } place, { StartAt: null, IsHeld: false } slot) || turn[place].Status != StepStatus.Expanding)
            return;
        turn.CancelTimeout(place, slot);
        if (count is < 0 or > WorkflowDefinition.MaxItems)
        {
            turn.Note(place, $"the list has {count} items; at most {WorkflowDefinition.MaxItems} are accepted");
            turn.Finish(place, StepStatus.Failed);
            return;
        }

        turn[place] = turn[place] with
        {
            Status = StepStatus.Running, Items = count, Slots = [], PerPack = Packs.SizeOf(expanded.PerPack, count),
        };
        Fill(turn, place);
    }

    public static void ItemDone(Turn turn, int place, Slot slot)
    {
        turn.Remove(place, slot);
        turn[place] = turn[place] with { Done = turn[place].Done + 1 };
        Fill(turn, place);
    }

    public static void ItemFailed(Turn turn, int place, Slot slot)
    {
        turn.NoteSent(place, slot);
        turn.Remove(place, slot);
        turn[place] = turn[place] with { IsFailing = true };
        Fill(turn, place);
    }

    /// <summary>Starts items up to the limit of parallel items, and ends the step when no items are left.</summary>
    public static void Fill(Turn turn, int place)
    {
        var most = ((ForEachAction)turn.Plan[place].Action).MaxParallel;
        if (!turn.State.IsSuspended && !turn.IsGivenUp(place) && !turn[place].IsFailing)
        {
            if (Slices.AreUsed(turn, place))
                Slices.Fill(turn, place, most);
            else if (Packs.AreUsed(turn, place))
                Packs.Fill(turn, place, most);
            else
                Begin(turn, place, most);
        }

        else if (turn[place].IsFailing)
            Packs.DropHeld(turn, place);

        if (!turn[place].Slots.IsEmpty)
            return;
        if (turn[place].IsFailing)
            turn.Finish(place, StepStatus.Failed);
        else if (turn[place].Done == turn[place].Items)
            turn.Finish(place, StepStatus.Succeeded);
        else if (turn.IsGivenUp(place))
            turn.Finish(place, StepStatus.Cancelled);
    }

    private static void Begin(Turn turn, int place, int most)
    {
        while (turn[place] is var step && step.Begun < step.Items && step.Slots.Length < most)
        {
            var slot = new Slot(1, step.Begun);
            turn[place] = step with { Slots = step.Slots.Add(slot), Begun = step.Begun + 1 };
            Scheduling.Start(turn, place, slot);
        }
    }
}
