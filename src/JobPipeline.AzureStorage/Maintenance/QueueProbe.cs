using Azure.Storage.Queues;
using JobPipeline.Maintenance.Queues;

namespace JobPipeline.AzureStorage.Maintenance;

/// <summary>Measures queues by their properties and a peek.</summary>
internal sealed class QueueProbe(StorageClients clients) : IQueueProbe
{
    /// <summary>The maximum number of messages that the service returns per peek.</summary>
    private const int MaxPeeked = 32;

    public async Task<QueueGlance> LookAsync(string queue, CancellationToken cancellationToken)
    {
        QueueClient client = clients.Queue(queue);
        var depth = (await client.GetPropertiesAsync(cancellationToken)).Value.ApproximateMessagesCountLong;
        if (depth == 0)
            return new QueueGlance(0, []);
        var peeked = (await client.PeekMessagesAsync(MaxPeeked, cancellationToken)).Value;
        return new QueueGlance(
            depth,
            Array.ConvertAll(
                peeked, message => new PeekedMessage(message.InsertedOn ?? default, message.Body.ToMemory(), message.DequeueCount)));
    }
}
