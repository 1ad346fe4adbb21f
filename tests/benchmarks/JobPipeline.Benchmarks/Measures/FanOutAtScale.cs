using System.Globalization;
using JobPipeline.Benchmarks.Contest;
using JobPipeline.Benchmarks.Jobs;
using JobPipeline.Benchmarks.Report;
using JobPipeline.TestTools.Azurite;

namespace JobPipeline.Benchmarks.Measures;

/// <summary>Measures whether the time per item of a fan-out grows with the number of items. The peer's does, so it takes no part.</summary>
internal sealed class FanOutAtScale : IMeasure
{
    private const int Few = 100;
    private const double Flat = 1.2;

    public string Title => $"a fan-out of 10,000 on Azurite, compared with one of {Few}";

    public async Task<IReadOnlyList<Finding>> RunAsync(BenchScale scale, CancellationToken cancellationToken)
    {
        var many = scale.Of(10_000, 500);
        await using var azurite = await AzuriteProcess.StartAsync(cancellationToken: cancellationToken);
        await using var ours = await PipelineSide.StartAsync(azurite.ConnectionString, "", cancellationToken);
        var small = Workload.FanOut(ours, BenchWorkflows.QuickFanOut, Few);
        await Race.WarmUpAsync([small], cancellationToken);
        var few = (await Race.RunAsync([small], scale.Of(5, 3), cancellationToken))[0].Median;
        var large = Workload.FanOut(ours, BenchWorkflows.QuickFanOut, many);
        var lap = (await Race.RunAsync([large], rounds: 1, cancellationToken))[0].Median;
        return
        [
            Compare($"fan-out, time an item, of {many} / of {Few}", lap.MillisecondsPerStep, few.MillisecondsPerStep, " ms"),
            Compare($"fan-out, storage operations an item, of {many} / of {Few}", lap.OperationsPerStep, few.OperationsPerStep, ""),
        ];
    }

    private static Finding Compare(string what, double many, double few, string unit) => new(
        what, Text(many) + unit, Text(few) + unit, Text(many / few), $"<= {Flat} (flat)", many / few <= Flat);

    private static string Text(double value) => value.ToString("f2", CultureInfo.InvariantCulture);
}
