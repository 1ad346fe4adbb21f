namespace JobPipeline.Tests.Interleavings.Limits;

/// <summary>What happens in a run of the gate world.</summary>
/// <param name="Name">The name, for errors.</param>
internal sealed record GateScenario(string Name)
{
    /// <summary>The settings of the limits, such as <c>("a:Concurrency", "2")</c>.</summary>
    public (string Key, string Value)[] Limits { get; init; } = [];

    /// <summary>The limits of the job type.</summary>
    public string[] Names { get; init; } = ["a"];

    /// <summary>The maximum number of handlers at a time that the limits allow.</summary>
    public int MaxRunning { get; init; } = int.MaxValue;

    /// <summary>The rate that the limits allow; null for none.</summary>
    public (int Count, TimeSpan Period, int Burst)? Rate { get; init; }

    /// <summary>The number of calls of each handler that take a permit of the limit <c>a</c>.</summary>
    public int Calls { get; init; }

    public int Instances { get; init; } = 3;

    public int Slots { get; init; } = 4;

    public int Jobs { get; init; } = 25;

    /// <summary>The longest run of a handler, in milliseconds.</summary>
    public int LongestRun { get; init; } = 3000;

    /// <summary>The longest time between two jobs, in milliseconds; two of three come at once.</summary>
    public int LongestGap { get; init; } = 2000;

    /// <summary>The number of instances that die.</summary>
    public int Kills { get; init; }

    /// <summary>The number of jobs that someone cancels.</summary>
    public int Cancels { get; init; }

    /// <summary>The number of jobs that someone makes run now.</summary>
    public int Expedites { get; init; }

    /// <summary>The share of storage operations that fail, before or after they took effect.</summary>
    public double FaultRate { get; init; }

    /// <summary>The most that the clock of an instance is off.</summary>
    public TimeSpan Skew { get; init; }

    /// <summary>The share of handlers that fail at their first attempt.</summary>
    public double FailureRate { get; init; }

    /// <summary>Breaks the protocol, to prove that the judge notices.</summary>
    public GateMutation? Mutation { get; init; }

    public override string ToString() => Name;
}
