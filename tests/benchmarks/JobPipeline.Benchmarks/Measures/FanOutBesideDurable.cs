using JobPipeline.Benchmarks.Contest;
using JobPipeline.Benchmarks.Jobs;
using JobPipeline.Benchmarks.Report;

namespace JobPipeline.Benchmarks.Measures;

/// <summary>
/// Measures one fan-out: of a quick type with the maximum parallelism and with the default, and of a type without an expected
/// duration; compared with the peer, which starts all items at once, and with the same jobs enqueued in bulk.
/// </summary>
internal sealed class FanOutBesideDurable(int items) : IMeasure
{
    private const int WarmUp = 100;
    private const double TargetRatio = 5;
    private const double TargetOfBulk = 0.5;
    private const double TargetAtDefault = 300;
    private const double TargetQuick = 1;
    private const double TargetPlain = 3;

    public string Title => $"a fan-out of {items} on Azurite, compared with the Durable Task Framework and with a bulk";

    public async Task<IReadOnlyList<Finding>> RunAsync(BenchScale scale, CancellationToken cancellationToken)
    {
        await using var arena = await Arena.OpenAsync(cancellationToken);
        await Race.WarmUpAsync(Entrants(arena, scale.Of(WarmUp, 32)), cancellationToken);
        var size = scale.Of(items, items / 4);
        var laps = await Race.RunAsync(Entrants(arena, size), scale.Of(items > 500 ? 3 : 5, 1), cancellationToken);
        var (quick, theirs, bulk, atDefault, plain) = (laps[0], laps[1], laps[2], laps[3], laps[4]);
        var what = $"fan-out of {size}";
        return
        [
            LapFindings.Rate($"{what}, quick, 256 at a time", quick, theirs, LapFindings.Peer, TargetRatio),
            LapFindings.Rate($"{what}, quick, 256 at a time", quick, bulk, "our bulk", TargetOfBulk),
            LapFindings.RateOfAtLeast($"{what}, quick, 10 at a time", atDefault, theirs, TargetAtDefault),
            LapFindings.Rate($"{what}, other, 256 at a time", plain, theirs, LapFindings.Peer, target: null),
            LapFindings.Operations($"{what}, quick, 256 at a time", quick, theirs, TargetQuick),
            LapFindings.Operations($"{what}, other, 256 at a time", plain, theirs, TargetPlain),
        ];
    }

    private static Workload[] Entrants(Arena arena, int count) =>
    [
        Workload.FanOut(arena.Ours, BenchWorkflows.QuickFanOut, count),
        Workload.FanOut(arena.Theirs, count),
        Workload.Bulk(arena.Ours, count),
        Workload.FanOut(arena.Ours, BenchWorkflows.DefaultFanOut, count),
        Workload.FanOut(arena.Ours, BenchWorkflows.PlainFanOut, count),
    ];
}
