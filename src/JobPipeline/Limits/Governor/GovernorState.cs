using JobPipeline.Instances;

namespace JobPipeline.Limits.Governor;

/// <summary>The state of the resource governor: a value that <see cref="GovernorDecision"/> replaces with every sample.</summary>
internal sealed record GovernorState
{
    /// <summary>The allowed number while the governor does not limit it.</summary>
    public const int Unlimited = int.MaxValue;

    public GovernorLevel Level { get; init; } = GovernorLevel.Open;

    /// <summary>When it entered the level.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>The target to continue from; has no effect while the level is open.</summary>
    public int Target { get; init; } = 1;

    /// <summary>When the target was last changed, or the level.</summary>
    public DateTimeOffset SteppedAt { get; init; }

    /// <summary>While closed, since when nothing has been running; null when something runs.</summary>
    public DateTimeOffset? IdleSince { get; init; }

    /// <summary>Whether one start is allowed although the level is closed. The start takes it.</summary>
    public bool IsTrial { get; init; }

    /// <summary>Whether this decision asks for a garbage collection.</summary>
    public bool Collects { get; init; }

    /// <summary>Whether a collection was asked for in the current idle time.</summary>
    public bool HasCollected { get; init; }

    /// <summary>The share of scheduling periods in which the processor quota was used up, between the last two steps.</summary>
    public double ThrottledShare { get; init; }

    /// <summary>The sample that the next <see cref="ThrottledShare"/> is measured from, and when it was taken.</summary>
    public (ResourceSample Sample, DateTimeOffset At)? CpuMark { get; init; }

    /// <summary>The least memory seen while nothing ran: what the process needs for itself. Null before the first sample.</summary>
    public long? BaselineBytes { get; init; }

    /// <summary>The last sample; null if there is none.</summary>
    public ResourceSample? Sample { get; init; }

    /// <summary>The maximum number of messages processed at a time.</summary>
    public int Allowed => Level switch
    {
        GovernorLevel.Open => Unlimited,
        GovernorLevel.Easing => Target,
        _ => IsTrial ? 1 : 0,
    };

    /// <summary>For how long the level has been closed; zero when it is not.</summary>
    public TimeSpan ClosedFor(DateTimeOffset now) => Level == GovernorLevel.Closed && now > Since ? now - Since : TimeSpan.Zero;
}

/// <summary>What the governor sees at one time.</summary>
/// <param name="Sample">The measurement; null if memory can't be measured.</param>
/// <param name="Running">The number of messages being processed.</param>
/// <param name="Capacity">The number of messages that the host processes at most.</param>
/// <param name="Now">The time.</param>
internal readonly record struct GovernorReading(ResourceSample? Sample, int Running, int Capacity, DateTimeOffset Now);
