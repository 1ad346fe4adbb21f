using System.Globalization;
using JobPipeline.Benchmarks.Contest;
using JobPipeline.Benchmarks.Report;

namespace JobPipeline.Benchmarks.Measures;

/// <summary>Counts the requests of a worker that has nothing to do, after a minute of silence.</summary>
internal sealed class IdleOperations : IMeasure
{
    private const double Target = 1;

    public string Title => "storage operations of an idle self-host, compared with the Durable Task Framework";

    public async Task<IReadOnlyList<Finding>> RunAsync(BenchScale scale, CancellationToken cancellationToken)
    {
        await using var arena = await Arena.OpenAsync(cancellationToken);
        // Some work first, because a worker that was never busy may behave otherwise.
        await Race.WarmUpAsync([Workload.Chain(arena.Ours, 5), Workload.Chain(arena.Theirs, 5)], cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(scale.Of(60, 10)), TimeProvider.System, cancellationToken);
        arena.Ours.Operations.Reset();
        arena.Theirs.Operations.Reset();
        var window = TimeSpan.FromSeconds(scale.Of(60, 10));
        Console.WriteLine($"   counts for {window.TotalSeconds} s");
        await Task.Delay(window, TimeProvider.System, cancellationToken);
        var (ours, theirs) = (Rate(arena.Ours, window), Rate(arena.Theirs, window));
        return
        [
            new Finding(
                $"idle, storage operations a second / {LapFindings.Peer}", Text(ours), Text(theirs), Text(ours / theirs),
                $"<= {Target}", ours <= Target),
        ];
    }

    private static double Rate(IContestant side, TimeSpan window)
    {
        var all = side.Operations.All.OrderByDescending(entry => entry.Value).ToArray();
        Console.WriteLine($"   {side.Name}: {string.Join(", ", all.Select(entry => $"{entry.Value} {entry.Key}"))}");
        return all.Sum(entry => entry.Value) / window.TotalSeconds;
    }

    private static string Text(double value) => value.ToString("f2", CultureInfo.InvariantCulture);
}
