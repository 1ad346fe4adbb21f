using System.Globalization;
using JobPipeline.Benchmarks.Contest;
using JobPipeline.Benchmarks.Report;
using JobPipeline.Benchmarks.Storage;

namespace JobPipeline.Benchmarks.Measures;

/// <summary>Measures one chain of steps, from its start to its recorded end: latency, because nothing runs in parallel.</summary>
internal sealed class ChainBesideDurable : IMeasure
{
    private const int Steps = 50;
    private const int WarmUp = 10;
    private const double TargetRatio = 4;
    private const double TargetInserts = 4;
    private const double TargetOperations = 5;

    public string Title => $"a chain of {Steps} on Azurite, compared with the Durable Task Framework";

    public async Task<IReadOnlyList<Finding>> RunAsync(BenchScale scale, CancellationToken cancellationToken)
    {
        await using var arena = await Arena.OpenAsync(cancellationToken);
        var bare = await BareTable.CreateAsync(arena.ConnectionString, cancellationToken);
        await Race.WarmUpAsync([Workload.Chain(arena.Ours, WarmUp), Workload.Chain(arena.Theirs, WarmUp)], cancellationToken);
        await bare.InsertAsync(cancellationToken);
        var laps = await Race.RunAsync(
            [Workload.Chain(arena.Ours, Steps), Workload.Chain(arena.Theirs, Steps)], scale.Of(7, 2), cancellationToken);
        var insert = await bare.InsertAsync(cancellationToken);
        var inserts = laps[0].Median.MillisecondsPerStep / insert;
        return
        [
            LapFindings.Rate($"chain of {Steps}", laps[0], laps[1], LapFindings.Peer, TargetRatio),
            new Finding(
                $"chain of {Steps}, time a step / a bare insert",
                string.Create(CultureInfo.InvariantCulture, $"{laps[0].Median.MillisecondsPerStep:f1} ms"),
                string.Create(CultureInfo.InvariantCulture, $"{insert:f2} ms"),
                string.Create(CultureInfo.InvariantCulture, $"{inserts:f1}"),
                $"<= {TargetInserts}", inserts <= TargetInserts),
            LapFindings.Operations($"chain of {Steps}", laps[0], laps[1], TargetOperations),
        ];
    }
}
