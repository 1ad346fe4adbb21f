using JobPipeline.Benchmarks.Contest;
using JobPipeline.Benchmarks.Report;

namespace JobPipeline.Benchmarks.Measures;

/// <summary>Measures many small workflows at once: throughput, because they run side by side.</summary>
internal sealed class ManyChainsBesideDurable : IMeasure
{
    private const int Chains = 50;
    private const int Steps = 5;
    private const double TargetRatio = 10;
    private const double TargetRate = 200;

    public string Title => $"{Chains} chains of {Steps} at once on Azurite, compared with the Durable Task Framework";

    public async Task<IReadOnlyList<Finding>> RunAsync(BenchScale scale, CancellationToken cancellationToken)
    {
        await using var arena = await Arena.OpenAsync(cancellationToken);
        var chains = scale.Of(Chains, 20);
        var warmUp = new[] { Workload.Chains(arena.Ours, 5, Steps), Workload.Chains(arena.Theirs, 5, Steps) };
        await Race.WarmUpAsync(warmUp, cancellationToken);
        var workloads = new[] { Workload.Chains(arena.Ours, chains, Steps), Workload.Chains(arena.Theirs, chains, Steps) };
        var laps = await Race.RunAsync(workloads, scale.Of(3, 1), cancellationToken);
        var what = $"{chains} chains of {Steps} at once";
        return
        [
            LapFindings.Rate(what, laps[0], laps[1], LapFindings.Peer, TargetRatio),
            LapFindings.RateOfAtLeast(what, laps[0], laps[1], TargetRate),
            LapFindings.Operations(what, laps[0], laps[1], most: null),
        ];
    }
}
