using JobPipeline.Benchmarks.Report;

namespace JobPipeline.Benchmarks.Measures;

/// <summary>
/// Measures the cost of the pipeline itself: everything from the bytes of a message to the recorded outcome, one job at a time,
/// including the in-memory stores. Compared with Hangfire's worker on its in-memory storage.
/// </summary>
internal sealed class ExecutorInMemory : IMeasure
{
    private const int Rounds = 9;
    private const int WarmUps = 3;
    private const double TargetMicroseconds = 12;
    private const double TargetBytes = 4.5 * 1024;

    public string Title => "executor on in-memory stores, compared with Hangfire.InMemory";

    public async Task<IReadOnlyList<Finding>> RunAsync(BenchScale scale, CancellationToken cancellationToken)
    {
        var ours = new List<JobCost>();
        var theirs = new List<JobCost>();
        for (var round = 0; round < WarmUps + scale.Of(Rounds, 3); round++)
        {
            await using var rig = new ExecutorRig();
            var our = await rig.RunAsync(cancellationToken);
            var their = await HangfirePeer.RunRoundAsync(cancellationToken);
            if (round < WarmUps)
                continue;
            ours.Add(our);
            theirs.Add(their);
            Console.WriteLine($"   round {ours.Count}: {our}, Hangfire {their}");
        }

        var (time, theirTime) = (ours.Select(cost => cost.Microseconds).Median(), theirs.Select(cost => cost.Microseconds).Median());
        var (bytes, theirBytes) = (ours.Select(cost => cost.Bytes).Median(), theirs.Select(cost => cost.Bytes).Median());
        return
        [
            new Finding(
                "executor, time per job / Hangfire.InMemory", $"{time:f1} us", $"{theirTime:f1} us", $"{time / theirTime:f2}",
                $"<= {TargetMicroseconds} us", time <= TargetMicroseconds),
            new Finding(
                "executor, allocated per job / Hangfire.InMemory", $"{bytes:f0} B", $"{theirBytes:f0} B", $"{bytes / theirBytes:f2}",
                $"<= {TargetBytes} B", bytes <= TargetBytes),
        ];
    }
}
