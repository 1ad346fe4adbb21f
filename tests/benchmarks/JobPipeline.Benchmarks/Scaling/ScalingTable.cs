using System.Globalization;
using System.Text;

namespace JobPipeline.Benchmarks.Scaling;

/// <summary>The table of docs/scaling.md.</summary>
internal static class ScalingTable
{
    public const string Header = "Work";
    private const string NoLimit = "-";

    public static string Write()
    {
        var (limits, prices) = (new StorageLimits(), new StoragePrices());
        var text = new StringBuilder()
            .AppendLine(
                $"| {Header} | Requests, queue + table | Account | Queue | Partition | One account, each second | Simulated "
                    + "| USD a million |")
            .AppendLine("|---|---|---|---|---|---|---|---|");
        foreach (var unit in ScalingUnits.All)
        {
            var ceilings = ScalingArithmetic.Of(unit, limits);
            text.AppendLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {unit.Name} | {Requests(unit.QueueRequests)} + {Requests(unit.TableRequests)} | {Rate(ceilings.Account)} "
                    + $"| {Rate(ceilings.Queue)} | {Rate(ceilings.Partition)} | **{Rate(ceilings.Least)}**, {ceilings.Bound} "
                    + $"| {Rate(ScalingSimulation.Run(unit, limits))} | {ScalingArithmetic.CostOfMillion(unit, prices):f2} |"));
        }

        return text.ToString();
    }

    private static string Requests(double count) => count.ToString(count < 1 ? "0.###" : "0.##", CultureInfo.InvariantCulture);

    /// <summary>Three digits: the limits are targets, not promises.</summary>
    private static string Rate(double rate)
    {
        if (double.IsInfinity(rate))
            return NoLimit;
        var unit = Math.Pow(10, Math.Max(0, Math.Floor(Math.Log10(rate)) - 2));
        return (Math.Floor(rate / unit) * unit).ToString("#,0", CultureInfo.InvariantCulture);
    }
}
