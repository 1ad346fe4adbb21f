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
    /// Calendar windows in UTC, as most services count: at most so many starts between, say, one full hour and the next. The period must
    /// be at least one minute.
    /// </summary>
    FixedWindow,
}
