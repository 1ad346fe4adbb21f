namespace JobPipeline.Execution;

/// <summary>The conditions under which a host delivers a message.</summary>
/// <param name="Stopping">Cancelled when running handlers are to stop.</param>
public readonly record struct DeliveryTerms(CancellationToken Stopping)
{
    /// <summary>
    /// The time at which the host ends the delivery; null for never. Handlers time out before it. A job of a packed message whose own
    /// time limit no longer fits is sent in a message of its own.
    /// </summary>
    public DateTimeOffset? EndBy { get; init; }

    /// <summary>
    /// Whether no message stands for the job, as in an activity of a workflow: it can't be parked at a limit, and asks again instead.
    /// </summary>
    public bool HasNoMessage { get; init; }

    /// <summary>
    /// Whether the host can't hide a message, but acknowledges it by returning. A message that must be delivered again is then
    /// re-sent first, and <see cref="DeliveryResult.PutBackUntil"/> of the result is null. On such terms the executor throws only when the
    /// queue itself can't be reached.
    /// </summary>
    public bool AcknowledgesOnReturn { get; init; }
}
