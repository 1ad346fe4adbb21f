using System.Collections.Concurrent;
using Azure;
using Azure.Storage.Queues;
using JobPipeline.Jobs;

namespace JobPipeline.AzureStorage;

/// <summary>Azure Storage queues. Messages travel as the text that was given, and never expire by themselves.</summary>
internal sealed class QueueJobQueue(StorageClients clients) : IJobQueue, IJobQueueReceiver
{
    /// <summary>The service's word for "never".</summary>
    private static readonly TimeSpan NoExpiry = TimeSpan.FromSeconds(-1);

    private readonly ConcurrentDictionary<string, QueueClient> _queues = new(StringComparer.Ordinal);

    public Task SendAsync(string queue, ReadOnlyMemory<byte> body, TimeSpan delay, CancellationToken cancellationToken) =>
        Of(queue).SendMessageAsync(new BinaryData(body), Clamp(delay), NoExpiry, cancellationToken);

    public async Task<IReadOnlyList<QueueDelivery>> ReceiveAsync(string queue, int max, TimeSpan visibility, CancellationToken cancellationToken)
    {
        var messages = await Of(queue).ReceiveMessagesAsync(max, visibility, cancellationToken);
        return Array.ConvertAll(messages.Value, m =>
            new QueueDelivery(queue, m.MessageId, m.InsertedOn ?? default, m.DequeueCount, m.Body.ToMemory(), m.PopReceipt));
    }

    public async Task<bool> HideAsync(QueueDelivery delivery, TimeSpan visibility, CancellationToken cancellationToken)
    {
        try
        {
            // Without a body the service keeps the one that is there.
            var receipt = await Of(delivery.Queue).UpdateMessageAsync(delivery.MessageId, delivery.Receipt, (BinaryData?)null, Clamp(visibility), cancellationToken);
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

    private static TimeSpan Clamp(TimeSpan delay) => delay < TimeSpan.Zero ? TimeSpan.Zero : delay > JobLimits.MaxHop ? JobLimits.MaxHop : delay;

    private static bool IsTakenOver(RequestFailedException e) => e.Status == 404 || e.ErrorCode is "PopReceiptMismatch" or "MessageNotFound";

    private QueueClient Of(string queue) => _queues.GetOrAdd(queue, static (name, clients) => clients.Queue(name), clients);
}
