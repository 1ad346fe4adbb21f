namespace JobPipeline.Instances;

/// <summary>Where a circuit of one instance stands.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Since">When it came into that state; null for one that was never open.</param>
/// <param name="OpenUntil">While it is open: when one attempt is let through to try.</param>
public sealed record CircuitStatus(string Name, CircuitState State, DateTimeOffset? Since = null, DateTimeOffset? OpenUntil = null)
{
    /// <summary>When it was last closed; null: it is. It may have been half open meanwhile.</summary>
    public DateTimeOffset? OpenSince { get; init; }
}

/// <summary>A circuit breaker's states.</summary>
public enum CircuitState
{
    /// <summary>Attempts go through.</summary>
    Closed,

    /// <summary>No attempt is started.</summary>
    Open,

    /// <summary>One attempt is on its way to try; the others wait for how it ends.</summary>
    HalfOpen,
}
