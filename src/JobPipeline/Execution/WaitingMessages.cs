using System.Collections.Concurrent;
using JobPipeline.Jobs;

namespace JobPipeline.Execution;

/// <summary>Since when the oldest message of a queue has waited.</summary>
public sealed record LaneWait(string Lane, DateTimeOffset Since);

/// <summary>
/// The messages that this instance keeps hidden and whose jobs it has not started: they wait for a free slot. No record shows them, so
/// the instance's heartbeat does.
/// </summary>
public sealed class WaitingMessages
{
    private readonly ConcurrentDictionary<long, QueueDelivery> _waiting = new();
    private long _serial;

    /// <summary>Adds a message until the returned value is disposed of.</summary>
    public IDisposable Enter(QueueDelivery delivery)
    {
        var serial = Interlocked.Increment(ref _serial);
        _waiting[serial] = delivery;
        return new Wait(_waiting, serial);
    }

    /// <summary>The oldest message of each queue with messages that wait.</summary>
    internal IReadOnlyList<LaneWait> Oldest() =>
    [
        .. _waiting.Values
            .GroupBy(delivery => JobLanes.Of(delivery.Queue), StringComparer.Ordinal)
            .Select(lane => new LaneWait(lane.Key, lane.Min(delivery => MessageAge.DueAt(delivery.Body, delivery.InsertedAt)))),
    ];

    /// <summary>The same for messages that wait for their first start, as far as that is known.</summary>
    internal IReadOnlyDictionary<string, DateTimeOffset?> OldestFirst() => _waiting.Values
        .GroupBy(delivery => JobLanes.Of(delivery.Queue), StringComparer.Ordinal)
        .ToDictionary(
            lane => lane.Key,
            lane => lane.Min(delivery => FirstWait.SinceOf(delivery.Body, delivery.InsertedAt, delivery.DequeueCount - 1)),
            StringComparer.Ordinal);

    private sealed class Wait(ConcurrentDictionary<long, QueueDelivery> waiting, long serial) : IDisposable
    {
        public void Dispose() => waiting.TryRemove(serial, out _);
    }
}
