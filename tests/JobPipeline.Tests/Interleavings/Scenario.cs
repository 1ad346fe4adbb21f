namespace JobPipeline.Tests.Interleavings;

/// <summary>What a handler does on its n-th run.</summary>
public enum Act
{
    Succeed,
    Fail,
    Reject,
    Snooze,
    CallOff,
}

/// <summary>Who takes part, and how much may go wrong.</summary>
/// <param name="Script">What the handler does, run by run; afterwards it succeeds.</param>
public sealed record Scenario(Act[] Script)
{
    public int Workers { get; init; } = 2;

    public int Producers { get; init; } = 1;

    public bool Canceller { get; init; }

    /// <summary>How many ask, each for itself, that the job's dead letter be replayed.</summary>
    public int Replayers { get; init; }

    /// <summary>All dead letters are replayed by a job of its own.</summary>
    public bool Bulk { get; init; }

    /// <summary>The type names a job that is to be told of its dead letters.</summary>
    public bool Callback { get; init; }

    /// <summary>The job becomes a dead letter first, in one way; choices begin after it.</summary>
    public bool Prelude { get; init; }

    public int Faults { get; init; }

    public int Kills { get; init; }

    /// <summary>How often time may move on while somebody could have gone on.</summary>
    public int Stalls { get; init; }

    /// <summary>How many workers there are, beside the others, that have no handler for any type.</summary>
    public int Strangers { get; init; }

    /// <summary>The host acknowledges whatever returns, like a Functions host: successors instead of hiding.</summary>
    public bool Replaces { get; init; }

    /// <summary>A gate that workers share.</summary>
    public GateKind Gate { get; init; }

    /// <summary>How often the gate closes and opens again.</summary>
    public int Closings { get; init; }

    public Mutation Mutation { get; init; }

    public override string ToString() =>
        $"[{string.Join(',', Script)}] workers={Workers} strangers={Strangers} producers={Producers} "
        + $"canceller={Canceller} replayers={Replayers}{(Bulk ? " bulk" : "")}{(Callback ? " callback" : "")} "
        + $"faults={Faults} kills={Kills} stalls={Stalls}{(Replaces ? " replaces" : "")} "
        + $"gate={Gate}:{Closings} {Mutation}";
}
