using System.Globalization;
using JobPipeline.Jobs;
using JobPipeline.Maintenance.Queues;

namespace JobPipeline.Testing;

/// <summary>
/// In-memory queues with the visibility timeouts, receipts and delivery counts of Azure Storage queues. The type is thread-safe
/// and completes synchronously.
/// </summary>
internal sealed class InMemoryQueue(TimeProvider time) : IJobQueue, IJobQueueReceiver, IQueueProbe
{
    private const int MaxReceived = 32;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedList<Message>> _queues = new(StringComparer.Ordinal);
    private long _serial;

    public Task SendAsync(string queue, ReadOnlyMemory<byte> body, TimeSpan delay, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            Of(queue).AddLast(new Message(Next(), now, body.ToArray()) { VisibleAt = now + Clamp(delay) });
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<QueueDelivery>> ReceiveAsync(string queue, int max, TimeSpan visibility, CancellationToken cancellationToken)
    {
        var deliveries = new List<QueueDelivery>();
        lock (_lock)
        {
            var now = time.GetUtcNow();
            max = Math.Min(max, MaxReceived);
            for (var node = Of(queue).First; node is not null && deliveries.Count < max; node = node.Next)
            {
                var message = node.Value;
                if (message.VisibleAt > now)
                    continue;
                message.VisibleAt = now + visibility;
                message.Receipt = Next();
                deliveries.Add(new QueueDelivery(
                    queue, message.Id, message.InsertedAt, ++message.DequeueCount, message.Body, message.Receipt));
            }
        }

        return Task.FromResult<IReadOnlyList<QueueDelivery>>(deliveries);
    }

    public Task<QueueDelivery> SendHeldAsync(
        string queue, ReadOnlyMemory<byte> body, TimeSpan visibility, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var message = new Message(Next(), now, body.ToArray()) { VisibleAt = now + visibility, Receipt = Next() };
            Of(queue).AddLast(message);
            var delivery = new QueueDelivery(queue, message.Id, now, 1, message.Body, message.Receipt) { IsOfSender = true };
            return Task.FromResult(delivery);
        }
    }

    public Task<bool> HideAsync(QueueDelivery delivery, TimeSpan visibility, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (Find(delivery) is not { } node)
                return Task.FromResult(false);
            node.Value.VisibleAt = time.GetUtcNow() + Clamp(visibility);
            delivery.Receipt = node.Value.Receipt = Next();
            return Task.FromResult(true);
        }
    }

    public Task<bool> DeleteAsync(QueueDelivery delivery, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (Find(delivery) is not { } node)
                return Task.FromResult(false);
            Of(delivery.Queue).Remove(node);
            return Task.FromResult(true);
        }
    }

    public Task<QueueGlance> LookAsync(string queue, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var front = Of(queue)
                .Where(message => message.VisibleAt <= now)
                .Take(MaxReceived)
                .Select(message => new PeekedMessage(message.InsertedAt, message.Body, message.DequeueCount));
            return Task.FromResult(new QueueGlance(Of(queue).Count, [.. front]));
        }
    }

    /// <summary>Returns the number of messages in the queue, visible or not.</summary>
    public int Count(string queue)
    {
        lock (_lock)
        {
            return Of(queue).Count;
        }
    }

    /// <summary>Whether the queue has a visible message.</summary>
    public bool HasVisible(string queue)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            return Of(queue).Any(message => message.VisibleAt <= now);
        }
    }

    /// <summary>
    /// Returns when the next message of the queue becomes visible, a time in the past if a message is visible already; null if
    /// the queue is empty.
    /// </summary>
    public DateTimeOffset? NextVisibleAt(string queue)
    {
        lock (_lock)
        {
            return Of(queue) is { Count: > 0 } messages ? messages.Min(message => message.VisibleAt) : null;
        }
    }

    /// <summary>Returns when the next message becomes visible, except for messages with the given ids.</summary>
    internal DateTimeOffset? NextVisibleAt(string queue, IReadOnlySet<string> except)
    {
        lock (_lock)
        {
            return Of(queue).Where(message => !except.Contains(message.Id)).Min(message => (DateTimeOffset?)message.VisibleAt);
        }
    }

    private static TimeSpan Clamp(TimeSpan delay) =>
        delay < TimeSpan.Zero ? TimeSpan.Zero : delay > JobLimits.MaxHop ? JobLimits.MaxHop : delay;

    private LinkedList<Message> Of(string queue)
    {
        if (!_queues.TryGetValue(queue, out var messages))
            _queues[queue] = messages = new LinkedList<Message>();
        return messages;
    }

    private LinkedListNode<Message>? Find(QueueDelivery delivery)
    {
        for (var node = Of(delivery.Queue).First; node is not null; node = node.Next)
        {
            if (node.Value.Id == delivery.MessageId)
                return node.Value.Receipt == delivery.Receipt ? node : null;
        }

        return null;
    }

    private string Next() => (++_serial).ToString(CultureInfo.InvariantCulture);

    private sealed class Message(string id, DateTimeOffset insertedAt, byte[] body)
    {
        public string Id { get; } = id;

        public DateTimeOffset InsertedAt { get; } = insertedAt;

        public byte[] Body { get; } = body;

        public DateTimeOffset VisibleAt { get; set; }

        public string? Receipt { get; set; }

        public long DequeueCount { get; set; }
    }
}
