using System.Diagnostics.Metrics;

namespace JobPipeline.Diagnostics;

/// <summary>
/// The bucket boundaries of the histograms, in seconds. The default boundaries of exporters are meant for milliseconds. Each
/// histogram has twelve, because each boundary is one series per job type.
/// </summary>
internal static class Durations
{
    /// <summary>From quick jobs to the longest time limits.</summary>
    public static readonly InstrumentAdvice<double> Runs = new()
    {
        HistogramBucketBoundaries = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 1800],
    };

    /// <summary>From an idle host to a queue with a growing backlog.</summary>
    public static readonly InstrumentAdvice<double> Waits = new()
    {
        HistogramBucketBoundaries = [0.01, 0.05, 0.25, 1, 5, 15, 60, 300, 900, 3600, 14400, 86400],
    };
}
