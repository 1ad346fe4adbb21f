using JobPipeline.Instances;

namespace JobPipeline.Execution.UnknownTypes;

/// <summary>
/// Since when the oldest job of each lane has waited that this instance left to others. Its message is out of sight until it
/// comes back, so the heartbeat reports it: the search for overdue jobs must not take it for one without a message.
/// </summary>
internal sealed class LeftJobs
{
    private readonly Lock _lock = new();

    /// <summary>By lane and the minute in which messages come back: a few entries, however many jobs.</summary>
    private readonly Dictionary<(string Lane, long Minute), DateTimeOffset> _oldest = [];

    public void Add(string lane, DateTimeOffset dueSince, DateTimeOffset until)
    {
        var key = (lane, MinuteOf(until));
        lock (_lock)
        {
            if (!_oldest.TryGetValue(key, out var since) || dueSince < since)
                _oldest[key] = dueSince;
        }
    }

    /// <summary>The oldest of each lane of which any is out of sight, or came back a moment ago.</summary>
    public IReadOnlyList<LaneWait> Oldest(DateTimeOffset now)
    {
        lock (_lock)
        {
            foreach (var key in _oldest.Keys.Where(key => key.Minute + 1 < MinuteOf(now)).ToList())
                _oldest.Remove(key);
            var lanes = _oldest.GroupBy(entry => entry.Key.Lane, StringComparer.Ordinal);
            return [.. lanes.Select(lane => new LaneWait(lane.Key, lane.Min(entry => entry.Value)))];
        }
    }

    private static long MinuteOf(DateTimeOffset moment) => moment.UtcTicks / TimeSpan.TicksPerMinute;
}
