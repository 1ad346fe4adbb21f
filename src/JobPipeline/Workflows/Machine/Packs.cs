using JobPipeline.Jobs;

namespace JobPipeline.Workflows.Machine;

/// <summary>
/// Runs the items of a fan-out in packs (<see cref="StepState.PerPack"/>). The items of a pack run one after the other, so a pack
/// counts as one of the items that run in parallel. A pack ends at its first item that does not succeed; the items that it has not
/// started are held until there is room for them, while the other item retries or waits on its own.
/// </summary>
internal static class Packs
{
    /// <summary>The number of packs into which a list is divided at least, so that the work spreads.</summary>
    public const int AtLeast = 8;

    /// <summary>Returns the number of items per pack, for a list of <paramref name="count"/> items; 0 for no packs.</summary>
    public static int SizeOf(int most, int count) => Math.Min(most, count / AtLeast) is > 1 and var size ? size : 0;

    public static bool AreUsed(Turn turn, int place) => turn[place].PerPack > 1;

    /// <summary>Starts packs up to the limit of parallel items: those that are held, then new ones.</summary>
    public static void Fill(Turn turn, int place, int most)
    {
        while (Running(turn[place]) < most)
        {
            if (FindHeld(turn[place]) is { } held)
                StartHeld(turn, place, held);
            else if (turn[place].Begun < turn[place].Items)
                Begin(turn, place);
            else
                return;
        }
    }

    /// <summary>Holds an item that its pack has not started, unless no further items are started.</summary>
    public static void NotStarted(Turn turn, StepRun run)
    {
        if (Attempts.FindRunning(turn, run) is not ({ } place, { Pack: not null } slot))
            return;
        if (slot.IsStopping)
        {
            Attempts.Stopped(turn, place, slot);
            return;
        }

        turn.Replace(place, slot, slot with { IsHeld = true, Deferrals = slot.Deferrals + 1 });
        FanOut.Fill(turn, place);
    }

    /// <summary>Removes held items, because no further items are started.</summary>
    public static void DropHeld(Turn turn, int place)
    {
        foreach (var slot in turn[place].Slots.Where(slot => slot is { Pack: not null, IsHeld: true }))
            turn.Remove(place, slot);
    }

    private static void Begin(Turn turn, int place)
    {
        var first = turn[place].Begun;
        var end = Math.Min(first + turn[place].PerPack, turn[place].Items);
        for (var item = first; item < end; item++)
        {
            var slot = new Slot(1, item) { Pack = first };
            turn[place] = turn[place] with { Slots = turn[place].Slots.Add(slot), Begun = item + 1 };
            Scheduling.Start(turn, place, slot);
        }
    }

    private static void StartHeld(Turn turn, int place, int pack)
    {
        foreach (var slot in turn[place].Slots.Where(slot => slot.Pack == pack))
            Scheduling.Start(turn, place, slot);
    }

    /// <summary>Finds a pack with held items none of which is running any more.</summary>
    private static int? FindHeld(StepState step) => step.Slots
        .Where(slot => slot is { Pack: not null, IsHeld: true })
        .Select(slot => slot.Pack)
        .FirstOrDefault(pack => step.Slots.All(slot => slot.Pack != pack || slot.IsHeld));

    /// <summary>The number of packs and single items that are running or wait for their next attempt.</summary>
    private static int Running(StepState step) => step.Slots
        .Where(slot => slot is not { Pack: not null, IsHeld: true })
        // Single items by negative numbers, because the first item of a pack may run on its own.
        .DistinctBy(slot => slot.Pack ?? -1 - slot.Item)
        .Count();
}
