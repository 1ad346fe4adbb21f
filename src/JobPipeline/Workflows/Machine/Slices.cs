using JobPipeline.Workflows.Definitions;

namespace JobPipeline.Workflows.Machine;

/// <summary>
/// Runs large fan-outs in slices (<see cref="WorkflowState.ItemsPerSlice"/>). Each slice has a state machine of its own. The
/// slices that run at the same time share the limit of parallel items.
/// </summary>
internal static class Slices
{
    /// <summary>The maximum number of slices that run at the same time.</summary>
    public const int AtATime = 4;

    public static bool AreUsed(Turn turn, int place) => turn.State.ItemsPerSlice > 0 && turn[place].Items > turn.State.ItemsPerSlice;

    /// <summary>Starts slices while the limit of parallel items is not used up.</summary>
    public static void Fill(Turn turn, int place, int most)
    {
        var share = (most + AtATime - 1) / AtATime;
        while (turn[place] is var step && step.Begun < step.Items && step.Slots.Sum(slot => slot.Share) is var used && used < most)
        {
            var slot = new Slot(1, step.Begun)
            {
                Count = Math.Min(turn.State.ItemsPerSlice, step.Items - step.Begun),
                Share = Math.Min(share, most - used),
                SentAt = turn.Now,
            };
            turn[place] = step with
            {
                Slots = step.Slots.Add(slot),
                Begun = step.Begun + slot.Count,
                Attempts = Math.Max(step.Attempts, 1),
            };
            turn.Add(new WorkflowEffect.RunSlice(turn.RunOf(place, slot), slot.Count, slot.Share));
        }
    }

    public static void Ended(Turn turn, WorkflowEvent.SliceEnded ended)
    {
        if (turn.Find(ended.Run) is not ({ } place, { Count: > 0 } slot))
            return;
        turn.Remove(place, slot);
        turn[place] = turn[place] with { Done = turn[place].Done + ended.Done, Attempts = Math.Max(turn[place].Attempts, ended.Attempts) };
        if (ended.Error is { } error && !slot.IsStopping && !turn[place].IsFailing)
            Fail(turn, place, error);
        FanOut.Fill(turn, place);
    }

    /// <summary>Stops this slice from starting further items, after another slice of the same fan-out has failed.</summary>
    public static void Halt(Turn turn)
    {
        for (var place = 0; place < turn.Plan.Count; place++)
        {
            if (turn.Plan[place].Action is not ForEachAction || turn[place].Status != StepStatus.Running)
                continue;
            turn[place] = turn[place] with { IsFailing = true };
            FanOut.Fill(turn, place);
        }
    }

    private static void Fail(Turn turn, int place, string error)
    {
        turn.Note(place, error);
        turn[place] = turn[place] with { IsFailing = true };
        foreach (var other in turn[place].Slots)
            turn.Add(new WorkflowEffect.Halt(turn.RunOf(place, other)));
    }
}
