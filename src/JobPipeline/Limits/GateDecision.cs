using JobPipeline.Jobs;

namespace JobPipeline.Limits;

/// <summary>The answer of a gate: a closed set.</summary>
internal abstract record GateDecision
{
    private GateDecision()
    {
    }

    /// <summary>The job may start.</summary>
    /// <param name="Permit">The permit that it holds from now on; null when the gate does not count starts.</param>
    public sealed record Open(IStartPermit? Permit = null) : GateDecision
    {
        /// <summary>The answer of a gate that does not concern the job.</summary>
        public static Open WithoutPermit { get; } = new();
    }

    /// <summary>The job must not start yet.</summary>
    /// <param name="Until">When to ask again.</param>
    /// <param name="Reason">The reason, for metrics.</param>
    /// <param name="Why">The reason, for people.</param>
    /// <param name="OnRecord">
    /// True: the attempt is claimed and released in one transaction, so that the record shows what the job waits for. False: the
    /// message alone is put back, and nothing is written.
    /// </param>
    public sealed record Closed(DateTimeOffset Until, DeferralReason Reason, string Why, bool OnRecord) : GateDecision
    {
        /// <summary>Whether the job ends as cancelled instead of waiting.</summary>
        public bool Drops { get; init; }
    }

    /// <summary>The job must not start yet, and has a place at the gate that stands for its message: acknowledge that.</summary>
    /// <param name="Why">The reason, for people.</param>
    public sealed record Parked(string Why) : GateDecision;
}
