namespace JobPipeline.Execution;

/// <summary>What a host grants a delivery.</summary>
/// <param name="Stopping">Cancelled when running handlers are to stop.</param>
public readonly record struct DeliveryTerms(CancellationToken Stopping)
{
    /// <summary>When the host takes the delivery away; null: never.</summary>
    public DateTimeOffset? EndBy { get; init; }

    /// <summary>The host acknowledges whatever is returned: a message that has to come back is replaced by a successor.</summary>
    public bool Replaces { get; init; }
}
