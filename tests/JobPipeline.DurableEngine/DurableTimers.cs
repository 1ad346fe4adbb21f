namespace JobPipeline.DurableEngine;

/// <summary>History entries that are due later.</summary>
internal sealed class DurableTimers
{
    /// <summary>The time between a turn and the message of a timer that it has set: minimal, but never zero.</summary>
    private static readonly TimeSpan SendTime = TimeSpan.FromTicks(1);

    private readonly List<Timer> _timers = [];

    public DateTimeOffset? NextDue => _timers.Count == 0 ? null : _timers.Min(timer => timer.Due);

    public void Add(DurableInstance instance, HistoryEntry entry, DateTimeOffset due) =>
        _timers.Add(new Timer(instance, instance.Execution, entry, due));

    /// <summary>
    /// Returns the time at which Durable's Azure Storage back end delivers a timer that is due at a given time. It hides a message
    /// for the remaining time, which the queue client truncates to whole seconds, so almost every timer fires up to a second early.
    /// </summary>
    public static DateTimeOffset DeliveryOf(DateTimeOffset due, DateTimeOffset now) =>
        now + TimeSpan.FromSeconds(Math.Max(0, Math.Floor((due - now - SendTime).TotalSeconds)));

    /// <summary>Removes and returns the due timers; equal due times keep the order in which they were set.</summary>
    public IReadOnlyList<Timer> TakeDue(DateTimeOffset now)
    {
        if (!_timers.Exists(timer => timer.Due <= now))
            return [];
        List<Timer> due = [.. _timers.Where(timer => timer.Due <= now).OrderBy(timer => timer.Due)];
        _timers.RemoveAll(timer => timer.Due <= now);
        return due;
    }

    public void Remove(DurableInstance instance, IReadOnlyCollection<int>? ids = null)
    {
        if (ids is null or { Count: > 0 })
            _timers.RemoveAll(
                timer => timer.Instance == instance
                    && (ids is null || (timer.Entry is HistoryEntry.TimerFired fired && ids.Contains(fired.Id))));
    }

    internal sealed record Timer(DurableInstance Instance, int Execution, HistoryEntry Entry, DateTimeOffset Due);
}
