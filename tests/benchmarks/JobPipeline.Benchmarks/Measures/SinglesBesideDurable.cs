using JobPipeline.Benchmarks.Contest;
using JobPipeline.Benchmarks.Report;

namespace JobPipeline.Benchmarks.Measures;

/// <summary>
/// Measures tracked jobs that belong to no workflow. The peer tracks nothing smaller than an orchestration, so each of its
/// activities has one of its own.
/// </summary>
internal sealed class SinglesBesideDurable : IMeasure
{
    private const int Jobs = 300;
    private const int WarmUp = 30;

    public string Title => $"{Jobs} single jobs on Azurite, enqueued and run, compared with orchestrations of one activity";

    public async Task<IReadOnlyList<Finding>> RunAsync(BenchScale scale, CancellationToken cancellationToken)
    {
        await using var arena = await Arena.OpenAsync(cancellationToken);
        var jobs = scale.Of(Jobs, 100);
        await Race.WarmUpAsync([Workload.Singles(arena.Ours, WarmUp), Workload.Singles(arena.Theirs, WarmUp)], cancellationToken);
        var laps = await Race.RunAsync(
            [Workload.Singles(arena.Ours, jobs), Workload.Singles(arena.Theirs, jobs)], scale.Of(5, 1), cancellationToken);
        return
        [
            LapFindings.Rate($"{jobs} single jobs", laps[0], laps[1], LapFindings.Peer, target: null),
            LapFindings.Operations($"{jobs} single jobs", laps[0], laps[1], most: null),
        ];
    }
}
