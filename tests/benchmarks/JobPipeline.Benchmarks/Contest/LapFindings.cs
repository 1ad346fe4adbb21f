using System.Globalization;
using JobPipeline.Benchmarks.Report;

namespace JobPipeline.Benchmarks.Contest;

/// <summary>Makes lines of the report from laps.</summary>
internal static class LapFindings
{
    public const string Peer = "Durable Task Framework";

    /// <summary>Compares the rates of two laps.</summary>
    /// <param name="what">What was run.</param>
    /// <param name="ours">The pipeline's lap.</param>
    /// <param name="other">The lap to compare with.</param>
    /// <param name="name">The name of the other lap.</param>
    /// <param name="target">The least ratio of the rates, if there is a target.</param>
    public static Finding Rate(string what, Lap ours, Lap other, string name, double? target)
    {
        var ratio = ours.Rate / other.Rate;
        return new Finding(
            $"{what}, steps a second / {name}", Text(ours.Rate, "/s"), Text(other.Rate, "/s"), $"{ratio:f2}",
            target is { } least ? Invariant($">= {least}") : null, ratio >= target);
    }

    /// <summary>Compares a rate with a fixed target.</summary>
    public static Finding RateOfAtLeast(string what, Lap ours, Lap theirs, double target) => new(
        $"{what}, steps a second / {Peer}", Text(ours.Rate, "/s"), Text(theirs.Rate, "/s"), $"{ours.Rate / theirs.Rate:f2}",
        Invariant($">= {target}/s"), ours.Rate >= target);

    /// <summary>Compares the storage operations.</summary>
    /// <param name="what">What was run.</param>
    /// <param name="ours">The pipeline's lap.</param>
    /// <param name="theirs">The peer's lap.</param>
    /// <param name="most">The most operations a step, if there is a target.</param>
    public static Finding Operations(string what, Lap ours, Lap theirs, double? most) => new(
        $"{what}, storage operations a step / {Peer}", Split(ours), Split(theirs),
        $"{ours.OperationsPerStep / theirs.OperationsPerStep:f2}",
        most is { } limit ? Invariant($"<= {limit}") : null, ours.OperationsPerStep <= most);

    private static string Split(Lap lap) => Invariant(
        $"{lap.OperationsPerStep:f1} ({lap.QueueOperations / lap.Steps:f1} queue + {lap.OtherOperations / lap.Steps:f1} other)");

    private static string Text(double value, string unit) => Invariant($"{value:f1}") + unit;

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
