using System.Collections.Concurrent;
using Azure;
using Azure.Storage.Queues;
using JobPipeline.Jobs;

namespace JobPipeline.AzureStorage.Jobs;

/// <summary>
/// Implements job queues with Azure Storage queues. Messages are encoded by <see cref="MessageText"/> and never expire. The
/// service counts whole seconds; times are rounded up, because a message that is delivered before its due time would be deferred
/// again and again.
/// </summary>
internal sealed class QueueJobQueue(StorageClients clients) : IJobQueue, IJobQueueReceiver
{
    /// <summary>The maximum number of messages that the service returns per request.</summary>
    private const int MaxReceived = 32;

    /// <summary>The time to live that means "never expires".</summary>
    private static readonly TimeSpan NoExpiry = TimeSpan.FromSeconds(-1);

    private static readonly TimeSpan MinVisibility = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, QueueClient> _queues = new(StringComparer.Ordinal);

    public Task SendAsync(string queue, ReadOnlyMemory<byte> body, TimeSpan delay, CancellationToken cancellationToken) =>
        Of(queue).SendMessageAsync(MessageText.From(body), WholeSeconds(delay), NoExpiry, cancellationToken);

    public async Task<IReadOnlyList<QueueDelivery>> ReceiveAsync(
        string queue, int max, TimeSpan visibility, CancellationToken cancellationToken)
    {
        var messages = await Of(queue).ReceiveMessagesAsync(
            Math.Min(max, MaxReceived), Max(WholeSeconds(visibility), MinVisibility), cancellationToken);
        return Array.ConvertAll(messages.Value, m =>
            new QueueDelivery(queue, m.MessageId, m.InsertedOn ?? default, m.DequeueCount, m.Body.ToMemory(), m.PopReceipt));
    }

    public async Task<QueueDelivery> SendHeldAsync(
        string queue, ReadOnlyMemory<byte> body, TimeSpan visibility, CancellationToken cancellationToken)
    {
        var hidden = Max(WholeSeconds(visibility), MinVisibility);
        var sent = await Of(queue).SendMessageAsync(MessageText.From(body), hidden, NoExpiry, cancellationToken);
        return new QueueDelivery(queue, sent.Value.MessageId, sent.Value.InsertionTime, 1, body, sent.Value.PopReceipt)
        {
            IsOfSender = true,
        };
    }

    public async Task<bool> HideAsync(QueueDelivery delivery, TimeSpan visibility, CancellationToken cancellationToken)
    {
        try
        {
            // Without a body the service keeps the existing one.
            var receipt = await Of(delivery.Queue).UpdateMessageAsync(
                delivery.MessageId, delivery.Receipt, (BinaryData?)null, WholeSeconds(visibility), cancellationToken);
            delivery.Receipt = receipt.Value.PopReceipt;
            return true;
        }
        catch (RequestFailedException e) when (IsTakenOver(e))
        {
            return false;
        }
    }

    public async Task<bool> DeleteAsync(QueueDelivery delivery, CancellationToken cancellationToken)
    {
        try
        {
            await Of(delivery.Queue).DeleteMessageAsync(delivery.MessageId, delivery.Receipt, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (IsTakenOver(e))
        {
            return false;
        }
    }

    private static TimeSpan WholeSeconds(TimeSpan time) =>
        TimeSpan.FromSeconds(Math.Ceiling(Math.Clamp(time.TotalSeconds, 0, JobLimits.MaxHop.TotalSeconds)));

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static bool IsTakenOver(RequestFailedException e) => e.ErrorCode is "PopReceiptMismatch" or "MessageNotFound";

    private QueueClient Of(string queue) => _queues.GetOrAdd(queue, static (name, clients) => clients.Queue(name), clients);
}
