namespace JobPipeline.Functions.Tests.Durable;

/// <summary>What is to be delivered later.</summary>
internal sealed class DurableTimers
{
    private readonly List<Timer> _timers = [];

    public DateTimeOffset? NextDue => _timers.Count == 0 ? null : _timers.Min(timer => timer.Due);

    public void Add(DurableInstance instance, HistoryEntry entry, DateTimeOffset due) => _timers.Add(new Timer(instance, instance.Execution, entry, due));

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
