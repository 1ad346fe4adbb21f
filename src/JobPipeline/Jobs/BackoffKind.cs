namespace JobPipeline.Jobs;

/// <summary>How the wait before the next attempt follows from the number of attempts that failed.</summary>
public enum BackoffKind
{
    /// <summary>Drawn between zero and a ceiling that doubles with each failure (full jitter).</summary>
    Exponential,

    /// <summary>The base times the number of failures.</summary>
    Linear,

    /// <summary>Always the base.</summary>
    Fixed,

    /// <summary>Written down one by one; the last one repeats.</summary>
    Listed,
}
