namespace JobPipeline.Jobs;

/// <summary>Takes messages off a queue, for hosts that poll it themselves.</summary>
public interface IJobQueueReceiver
{
    /// <summary>Receives up to <paramref name="max"/> messages (at most 32) and hides them for <paramref name="visibility"/>.</summary>
    Task<IReadOnlyList<QueueDelivery>> ReceiveAsync(string queue, int max, TimeSpan visibility, CancellationToken cancellationToken);

    /// <summary>Hides the message for <paramref name="visibility"/> from now. False: it was taken by another receiver meanwhile.</summary>
    Task<bool> HideAsync(QueueDelivery delivery, TimeSpan visibility, CancellationToken cancellationToken);

    /// <summary>Removes the message. False: it was taken by another receiver meanwhile, who will judge it anew.</summary>
    Task<bool> DeleteAsync(QueueDelivery delivery, CancellationToken cancellationToken);
}
