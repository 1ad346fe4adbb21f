namespace JobPipeline.Jobs;

/// <summary>Receives messages from a queue, for hosts that poll it themselves.</summary>
public interface IJobQueueReceiver
{
    /// <summary>Receives up to <paramref name="max"/> messages (at most 32) and hides them for <paramref name="visibility"/>.</summary>
    Task<IReadOnlyList<QueueDelivery>> ReceiveAsync(string queue, int max, TimeSpan visibility, CancellationToken cancellationToken);

    /// <summary>
    /// Sends a message that never expires, hidden for <paramref name="visibility"/> as if it had just been received, and returns its first
    /// delivery. The service does not count that delivery, so the body has to say that there was one.
    /// </summary>
    Task<QueueDelivery> SendHeldAsync(string queue, ReadOnlyMemory<byte> body, TimeSpan visibility, CancellationToken cancellationToken);

    /// <summary>
    /// Hides the message for <paramref name="visibility"/> from now. Returns false when another receiver has received the message
    /// since.
    /// </summary>
    Task<bool> HideAsync(QueueDelivery delivery, TimeSpan visibility, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes the message. Returns false when another receiver has received the message since; that receiver decides what to do
    /// with it.
    /// </summary>
    Task<bool> DeleteAsync(QueueDelivery delivery, CancellationToken cancellationToken);
}
