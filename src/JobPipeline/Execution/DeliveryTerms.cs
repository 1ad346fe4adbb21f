namespace JobPipeline.Execution;

/// <summary>What a host grants a delivery.</summary>
/// <param name="Stopping">Cancelled when running handlers are to stop.</param>
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
