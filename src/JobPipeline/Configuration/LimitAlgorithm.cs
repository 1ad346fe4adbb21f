namespace JobPipeline.Configuration;

/// <summary>How a limit counts the starts of a period.</summary>
public enum LimitAlgorithm
{
    /// <summary>
    /// The generic cell rate algorithm, a leaky bucket: starts are spaced evenly, and up to the burst may start at once. In any time
    /// span, at most the rate times the span plus the burst.
    /// </summary>
    Gcra,

    /// <summary>
    /// Calendar windows in UTC, the way most services count: a limit of 100 an hour allows 100 starts between 10:00 and 11:00. The
    /// period must be at least one minute.
    /// </summary>
    FixedWindow,
}
