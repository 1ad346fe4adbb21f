namespace JobPipeline.Execution;

/// <summary>The terms on which a host delivers a message.</summary>
/// <param name="Stopping">
/// Cancelled when the grace period of a stopping host is over: running handlers are cancelled, and no job is started.
/// </param>
public readonly record struct DeliveryTerms(CancellationToken Stopping)
{
    /// <summary>
    /// When the host takes the delivery away; null: never. Handlers are timed out by then. Of a packed message, a job whose own time
    /// limit does not fit any more is sent in a message of its own.
    /// </summary>
    public DateTimeOffset? EndBy { get; init; }

    /// <summary>
    /// Whether the host can't hide a message, but acknowledges it by returning. What has to come back is then sent as a new message
    /// first, and <see cref="DeliveryResult.PutBackUntil"/> of the result is null. On such terms the executor throws only when the
    /// queue itself can't be reached.
    /// </summary>
    public bool AcknowledgesOnReturn { get; init; }
}
