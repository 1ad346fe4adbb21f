namespace JobPipeline.Instances;

/// <summary>A process that runs jobs, as it describes itself with every beat.</summary>
public sealed record Instance
{
    /// <summary>Most jobs that are listed: more would not fit a row.</summary>
    public const int MaxListed = 400;

    /// <summary>The name that its claims carry.</summary>
    public required string Name { get; init; }

    /// <summary>The kind of host: <c>self-host</c> or <c>functions</c>.</summary>
    public required string Kind { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset LastBeatAt { get; init; }

    /// <summary>How many jobs it had claimed and not settled.</summary>
    public int InFlightCount { get; init; }

    /// <summary>Those jobs; of more than <see cref="MaxListed"/> the ones in hand for longest.</summary>
    public IReadOnlyList<InFlightJob> InFlight { get; init; } = [];

    /// <summary>Its circuits that are not closed.</summary>
    public IReadOnlyList<CircuitStatus> OpenCircuits { get; init; } = [];

    /// <summary>
    /// Since when the oldest message has waited that it holds for a free slot, or whose job it left to another instance, for
    /// each lane of which there is any.
    /// </summary>
    public IReadOnlyList<LaneWait> Waiting { get; init; } = [];

    /// <summary>The job types that it has a handler for, by name; null: its release does not list them.</summary>
    public IReadOnlyList<KnownJobType>? JobTypes { get; init; }

    /// <summary>When it stopped in an orderly way; what it lists then it had to leave behind.</summary>
    public DateTimeOffset? GoodbyeAt { get; init; }

    /// <summary>Why it stopped.</summary>
    public string? GoodbyeReason { get; init; }

    /// <summary>Somebody is rescuing what it left, and nobody else is to, until then.</summary>
    public DateTimeOffset? RescueUntil { get; init; }

    /// <summary>When nothing of it was left to be rescued.</summary>
    public DateTimeOffset? RescuedAt { get; init; }

    /// <summary>The stored row's version; null before it was stored.</summary>
    public string? Version { get; init; }
}
