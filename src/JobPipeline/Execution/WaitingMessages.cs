using System.Collections.Concurrent;
using JobPipeline.Instances;
using JobPipeline.Jobs;

namespace JobPipeline.Execution;

/// <summary>
/// Messages that this instance keeps hidden and whose jobs it has not begun: they wait for a free slot. Nothing on record
/// tells of them, so the instance's beat does.
/// </summary>
public sealed class WaitingMessages
{
    private readonly ConcurrentDictionary<long, QueueDelivery> _waiting = new();
    private long _serial;

    /// <summary>It waits until the returned value is disposed of.</summary>
    public IDisposable Enter(QueueDelivery delivery)
    {
        var serial = Interlocked.Increment(ref _serial);
        _waiting[serial] = delivery;
        return new Wait(_waiting, serial);
    }

    /// <summary>The oldest of each lane of which any waits.</summary>
    internal IReadOnlyList<LaneWait> Oldest() =>
    [
        .. _waiting.Values
            .GroupBy(delivery => JobLanes.Of(delivery.Queue), StringComparer.Ordinal)
            .Select(lane => new LaneWait(lane.Key, lane.Min(delivery => MessageAge.DueAt(delivery.Body, delivery.InsertedAt)))),
    ];

    /// <summary>The same of those that wait for their first start, as far as that can be told.</summary>
    internal IReadOnlyDictionary<string, DateTimeOffset?> OldestFirst() => _waiting.Values
        .GroupBy(delivery => JobLanes.Of(delivery.Queue), StringComparer.Ordinal)
        .ToDictionary(lane => lane.Key, lane => lane.Min(delivery => MessageAge.FirstWaitSince(delivery.Body, delivery.InsertedAt, delivery.DequeueCount - 1)), StringComparer.Ordinal);

    private sealed class Wait(ConcurrentDictionary<long, QueueDelivery> waiting, long serial) : IDisposable
    {
        public void Dispose() => waiting.TryRemove(serial, out _);
    }
}
