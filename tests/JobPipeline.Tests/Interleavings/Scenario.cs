namespace JobPipeline.Tests.Interleavings;

/// <summary>The action of a handler in one run.</summary>
public enum Act
{
    Succeed,
    Fail,
    Reject,
    Snooze,
    CallOff,
}

/// <summary>The actors and the number of faults of a run.</summary>
/// <param name="Script">The actions of the handler, one per run; later runs succeed.</param>
public sealed record Scenario(Act[] Script)
{
    public int Workers { get; init; } = 2;

    public int Producers { get; init; } = 1;

    public bool Canceller { get; init; }

    /// <summary>The number of callers that each request a replay of the job's dead letter.</summary>
    public int Replayers { get; init; }

    /// <summary>Whether a bulk replay job replays all dead letters.</summary>
    public bool Bulk { get; init; }

    /// <summary>Whether the job type has a dead-letter callback.</summary>
    public bool Callback { get; init; }

    /// <summary>Whether the job is dead-lettered first, without choices; choices begin afterwards.</summary>
    public bool Prelude { get; init; }

    public int Errors { get; init; }

    public int Kills { get; init; }

    /// <summary>How often time may advance although an actor could continue.</summary>
    public int Stalls { get; init; }

    /// <summary>The number of additional workers without a handler for any type.</summary>
    public int Strangers { get; init; }

    /// <summary>
    /// Whether the host acknowledges every returned message, as a Functions host does, so that messages are re-sent, not hidden.
    /// </summary>
    public bool Replaces { get; init; }

    /// <summary>A gate that workers share.</summary>
    public GateKind Gate { get; init; }

    /// <summary>How often the gate closes and opens again.</summary>
    public int Closings { get; init; }

    public Mutation Mutation { get; init; }

    public override string ToString() =>
        $"[{string.Join(',', Script)}] workers={Workers} strangers={Strangers} producers={Producers} "
        + $"canceller={Canceller} replayers={Replayers}{(Bulk ? " bulk" : "")}{(Callback ? " callback" : "")} "
        + $"faults={Errors} kills={Kills} stalls={Stalls}{(Replaces ? " replaces" : "")} "
        + $"gate={Gate}:{Closings} {Mutation}";
}
