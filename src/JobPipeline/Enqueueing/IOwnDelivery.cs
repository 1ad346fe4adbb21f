namespace JobPipeline.Enqueueing;

/// <summary>
/// Sends the messages of new jobs so that this process receives them without polling their queue: a host with a free slot of its own may
/// start the job at once.
/// </summary>
internal interface IOwnDelivery
{
    /// <summary>
    /// Sends a message and has this process execute it. Returns false, with nothing sent, if the job may have to wait here: the message
    /// then has to be sent in the usual way.
    /// </summary>
    /// <param name="queue">The priority queue.</param>
    /// <param name="body">The message body, which says that the message was sent hidden.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <exception cref="Exception">The message may or may not have been sent.</exception>
    Task<bool> TrySendAsync(string queue, ReadOnlyMemory<byte> body, CancellationToken cancellationToken);
}

/// <summary>For hosts without slots of their own.</summary>
internal sealed class NoOwnDelivery : IOwnDelivery
{
    public Task<bool> TrySendAsync(string queue, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) => Task.FromResult(false);
}
