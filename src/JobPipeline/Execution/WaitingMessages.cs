using System.Collections.Concurrent;
using JobPipeline.Instances;
using JobPipeline.Jobs;

namespace JobPipeline.Execution;

/// <summary>
/// The messages that this instance keeps hidden until a slot is free, without having started their jobs. No record mentions them, so
/// the instance's heartbeat lists them.
/// </summary>
internal sealed class WaitingMessages
{
    private readonly ConcurrentDictionary<long, QueueDelivery> _waiting = new();
    private long _serial;

    /// <summary>Adds a message; it waits until the returned value is disposed.</summary>
    public IDisposable Enter(QueueDelivery delivery)
    {
        var serial = Interlocked.Increment(ref _serial);
        _waiting[serial] = delivery;
        return new Wait(_waiting, serial);
    }

    /// <summary>Returns the oldest message of each queue with waiting messages.</summary>
    internal IReadOnlyList<QueueWait> Oldest() =>
    [
        .. _waiting.Values
            .GroupBy(delivery => PriorityQueues.Of(delivery.Queue), StringComparer.Ordinal)
            .Select(queue => new QueueWait(queue.Key, queue.Min(delivery => MessageAge.DueAt(delivery.Body, delivery.InsertedAt)))),
    ];

    /// <summary>Like <see cref="Oldest"/>, but only for jobs that wait for their first start, as far as that is known.</summary>
    internal IReadOnlyDictionary<string, DateTimeOffset?> OldestFirst() => _waiting.Values
        .GroupBy(delivery => PriorityQueues.Of(delivery.Queue), StringComparer.Ordinal)
        .ToDictionary(
            queue => queue.Key,
            queue => queue.Min(delivery => MessageAge.FirstWaitSince(delivery.Body, delivery.InsertedAt, delivery.DequeueCount - 1)),
            StringComparer.Ordinal);

    private sealed class Wait(ConcurrentDictionary<long, QueueDelivery> waiting, long serial) : IDisposable
    {
        public void Dispose() => waiting.TryRemove(serial, out _);
    }
}
