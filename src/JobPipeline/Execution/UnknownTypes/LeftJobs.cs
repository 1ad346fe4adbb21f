using JobPipeline.Instances;

namespace JobPipeline.Execution.UnknownTypes;

/// <summary>
/// For each queue, since when the oldest job has waited that this instance left to others. Its message is hidden until it comes back, so
/// the heartbeat reports it: the overdue sweep must not take it for a job without a message.
/// </summary>
internal sealed class LeftJobs
{
    private readonly Lock _lock = new();

    /// <summary>By queue and the minute in which messages come back: a few entries for any number of jobs.</summary>
    private readonly Dictionary<(string Queue, long Minute), DateTimeOffset> _oldest = [];

    public void Add(string queue, DateTimeOffset dueSince, DateTimeOffset until)
    {
        var key = (queue, MinuteOf(until));
        lock (_lock)
        {
            if (!_oldest.TryGetValue(key, out var since) || dueSince < since)
                _oldest[key] = dueSince;
        }
    }

    /// <summary>The oldest job of each queue with messages that are hidden, or were until a moment ago.</summary>
    public IReadOnlyList<QueueWait> Oldest(DateTimeOffset now)
    {
        lock (_lock)
        {
            foreach (var key in _oldest.Keys.Where(key => key.Minute + 1 < MinuteOf(now)).ToList())
                _oldest.Remove(key);
            var queues = _oldest.GroupBy(entry => entry.Key.Queue, StringComparer.Ordinal);
            return [.. queues.Select(queue => new QueueWait(queue.Key, queue.Min(entry => entry.Value)))];
        }
    }

    private static long MinuteOf(DateTimeOffset moment) => moment.UtcTicks / TimeSpan.TicksPerMinute;
}
