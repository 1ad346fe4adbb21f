namespace JobPipeline.Instances;

/// <summary>The state of a circuit on one instance.</summary>
/// <param name="Name">The name of the circuit.</param>
/// <param name="State">The current state.</param>
/// <param name="Since">When the circuit entered that state; null if it was never open.</param>
/// <param name="OpenUntil">While the circuit is open, the time of the trial call.</param>
internal sealed record CircuitStatus(string Name, CircuitState State, DateTimeOffset? Since = null, DateTimeOffset? OpenUntil = null)
{
    /// <summary>When the circuit opened, including any half-open time since; null when it is closed.</summary>
    public DateTimeOffset? OpenSince { get; init; }
}

/// <summary>The states of a circuit breaker.</summary>
internal enum CircuitState
{
    /// <summary>Attempts run.</summary>
    Closed,

    /// <summary>No attempt is started.</summary>
    Open,

    /// <summary>One attempt runs as the trial call; the others wait for its verdict.</summary>
    HalfOpen,
}
