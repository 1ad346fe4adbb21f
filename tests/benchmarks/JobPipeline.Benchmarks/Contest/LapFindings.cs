using System.Globalization;
using JobPipeline.Benchmarks.Report;

namespace JobPipeline.Benchmarks.Contest;

/// <summary>Makes lines of the report from laps.</summary>
internal static class LapFindings
{
    public const string Peer = "Durable Task Framework";

    /// <summary>Compares the rates.</summary>
    /// <param name="what">What was run.</param>
    /// <param name="ours">The pipeline's laps.</param>
    /// <param name="other">The laps to compare with.</param>
    /// <param name="name">The name of the other laps.</param>
    /// <param name="target">The least ratio of the rates, if there is a target.</param>
    public static Finding Rate(string what, Laps ours, Laps other, string name, double? target)
    {
        var ratio = ours.RateRatioTo(other);
        return new Finding(
            $"{what}, steps a second / {name}", Text(ours), Text(other), $"{ratio:f2}",
            target is { } least ? Invariant($">= {least}") : null, ratio >= target);
    }

    /// <summary>Compares a rate with a fixed target.</summary>
    public static Finding RateOfAtLeast(string what, Laps ours, Laps theirs, double target) => new(
        $"{what}, steps a second, the rate itself / {Peer}", Text(ours), Text(theirs), $"{ours.RateRatioTo(theirs):f2}",
        Invariant($">= {target}/s"), ours.Median.Rate >= target);

    /// <summary>Compares the storage operations.</summary>
    /// <param name="what">What was run.</param>
    /// <param name="ours">The pipeline's laps.</param>
    /// <param name="theirs">The peer's laps.</param>
    /// <param name="most">The most operations a step, if there is a target.</param>
    public static Finding Operations(string what, Laps ours, Laps theirs, double? most) => new(
        $"{what}, storage operations a step / {Peer}", Split(ours.Median), Split(theirs.Median),
        $"{ours.Median.OperationsPerStep / theirs.Median.OperationsPerStep:f2}",
        most is { } limit ? Invariant($"<= {limit}") : null, ours.Median.OperationsPerStep <= most);

    private static string Split(Lap lap) => Invariant(
        $"{lap.OperationsPerStep:f1} ({lap.QueueOperations / lap.Steps:f1} queue + {lap.OtherOperations / lap.Steps:f1} other)");

    private static string Text(Laps laps) => Invariant($"{laps.Median.Rate:f1}/s");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
