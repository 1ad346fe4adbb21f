namespace JobPipeline.Instances;

/// <summary>An instance, as described by its heartbeat.</summary>
internal sealed record Instance
{
    /// <summary>The maximum number of jobs listed; more would not fit a row.</summary>
    public const int MaxListed = 400;

    /// <summary>The name under which it claims jobs.</summary>
    public required string Name { get; init; }

    /// <summary>The kind of host: <c>self-host</c> or <c>functions</c>.</summary>
    public required string Kind { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset LastHeartbeatAt { get; init; }

    /// <summary>The number of jobs that it has claimed and not settled.</summary>
    public int InFlightCount { get; init; }

    /// <summary>The jobs in flight; if there are more than <see cref="MaxListed"/>, those that have been in flight for longest.</summary>
    public IReadOnlyList<InFlightJob> InFlight { get; init; } = [];

    /// <summary>The circuits that are not closed.</summary>
    public IReadOnlyList<CircuitStatus> OpenCircuits { get; init; } = [];

    /// <summary>
    /// For each queue, since when the oldest message has waited that this instance keeps hidden until a slot is free, or whose job it
    /// left to another instance. Queues without such messages are omitted.
    /// </summary>
    public IReadOnlyList<QueueWait> Waiting { get; init; } = [];

    /// <summary>Its resource governor and memory; null if that is off, or its release does not report it.</summary>
    public GovernorStatus? Governor { get; init; }

    /// <summary>The job types that it has a handler for, ordered by name; null if its release does not list them.</summary>
    public IReadOnlyList<KnownJobType>? JobTypes { get; init; }

    /// <summary>When it shut down; <see cref="InFlight"/> then lists the jobs it could not release.</summary>
    public DateTimeOffset? StoppedAt { get; init; }

    /// <summary>Why it shut down.</summary>
    public string? StopReason { get; init; }

    /// <summary>Until when another instance is rescuing its jobs; no other instance may until then.</summary>
    public DateTimeOffset? RescueUntil { get; init; }

    /// <summary>When all its jobs had been rescued.</summary>
    public DateTimeOffset? RescuedAt { get; init; }

    /// <summary>The stored version; null before it is stored.</summary>
    public string? Version { get; init; }
}
