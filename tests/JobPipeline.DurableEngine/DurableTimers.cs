namespace JobPipeline.DurableEngine;

/// <summary>What is to be delivered later.</summary>
internal sealed class DurableTimers
{
    /// <summary>What passes between a turn and the message of a timer that it has set: the least there is, and never nothing.</summary>
    private static readonly TimeSpan SendTime = TimeSpan.FromTicks(1);

    private readonly List<Timer> _timers = [];

    public DateTimeOffset? NextDue => _timers.Count == 0 ? null : _timers.Min(timer => timer.Due);

    public void Add(DurableInstance instance, HistoryEntry entry, DateTimeOffset due) => _timers.Add(new Timer(instance, instance.Execution, entry, due));

    /// <summary>
    /// When Durable's Azure Storage back end delivers what is due then: it hides a message for the time that is left, and the
    /// queue's client cuts that down to whole seconds. So almost every timer fires up to a second early.
    /// </summary>
    public static DateTimeOffset DeliveryOf(DateTimeOffset due, DateTimeOffset now) =>
        now + TimeSpan.FromSeconds(Math.Max(0, Math.Floor((due - now - SendTime).TotalSeconds)));

    /// <summary>Of the same moment in the order in which they were set.</summary>
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
            _timers.RemoveAll(timer => timer.Instance == instance && (ids is null || (timer.Entry is HistoryEntry.TimerFired fired && ids.Contains(fired.Id))));
    }

    internal sealed record Timer(DurableInstance Instance, int Execution, HistoryEntry Entry, DateTimeOffset Due);
}
