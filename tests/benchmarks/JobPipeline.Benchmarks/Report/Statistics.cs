namespace JobPipeline.Benchmarks.Report;

internal static class Statistics
{
    public static double Median(this IEnumerable<double> values) => values.Percentile(50);

    /// <summary>
    /// Returns the percentile by nearest rank: the smallest value that at least this percentage of the values does not
    /// exceed.
    /// </summary>
    public static double Percentile(this IEnumerable<double> values, int percent)
    {
        var sorted = values.Order().ToArray();
        return sorted[Math.Max(0, (int)Math.Ceiling(percent / 100d * sorted.Length) - 1)];
    }
}
