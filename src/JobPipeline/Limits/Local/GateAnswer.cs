namespace JobPipeline.Limits.Local;

/// <summary>The answer of a gate on this instance: a closed set.</summary>
internal abstract record GateAnswer
{
    private GateAnswer()
    {
    }

    /// <summary>The job may start.</summary>
    public sealed record Open(IStartPermit Permit) : GateAnswer;

    /// <summary>The job has to wait.</summary>
    /// <param name="Until">When it may be its turn, as far as that is known.</param>
    public sealed record Closed(DateTimeOffset Until) : GateAnswer;

    /// <summary>The job has a row in the lot, which stands for its message.</summary>
    public sealed record Parked : GateAnswer
    {
        public static Parked Instance { get; } = new();
    }

    /// <summary>The call has a permit of the rate.</summary>
    /// <param name="At">When it may be made: now, or soon.</param>
    public sealed record Permitted(DateTimeOffset At) : GateAnswer;

    /// <summary>The call gets no permit of the rate.</summary>
    /// <param name="Until">When one is expected.</param>
    /// <param name="Why">Why the gate is closed; null when it is open, and the permits are used up.</param>
    public sealed record Refused(DateTimeOffset Until, string? Why) : GateAnswer;

    /// <summary>What was asked for is done.</summary>
    public sealed record Done : GateAnswer
    {
        public static Done Instance { get; } = new();
    }

    /// <summary>The gate has changed since it was asked: ask again.</summary>
    public sealed record Changed : GateAnswer
    {
        public static Changed Instance { get; } = new();
    }
}
