using JobPipeline.Http.Limits;
using JobPipeline.Maintenance.Queues;

namespace JobPipeline.Http.Queues;

/// <summary>A queue as the API shows it.</summary>
/// <param name="Name">The lane.</param>
/// <param name="Depth">About how many messages it holds, delayed ones and those in hand included.</param>
/// <param name="OldestDueAt">Since when the oldest due job among the first 32 messages waits; absent when none is due.</param>
/// <param name="OldestDueAge">For how long it has waited.</param>
/// <param name="PoisonDepth">About how many messages its poison queue holds.</param>
/// <param name="Paused">Absent: not paused.</param>
public sealed record QueueView(string Name, long Depth, DateTimeOffset? OldestDueAt, TimeSpan? OldestDueAge, long PoisonDepth, PauseView? Paused)
{
    internal static QueueView Of(LaneStatus lane, PauseView? paused, DateTimeOffset now) => new(
        lane.Lane, lane.Depth, lane.OldestDueAt, lane.OldestDueAt is { } due ? Positive(now - due) : null, lane.PoisonDepth, paused);

    /// <summary>Clocks differ: nothing waits for less than no time.</summary>
    private static TimeSpan Positive(TimeSpan age) => age > TimeSpan.Zero ? age : TimeSpan.Zero;
}

/// <summary>All queues, the highest lane first.</summary>
public sealed record QueueListView(IReadOnlyList<QueueView> Queues);
