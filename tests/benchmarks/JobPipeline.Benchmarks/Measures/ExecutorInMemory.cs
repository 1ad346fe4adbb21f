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
            var cost = await rig.RunAsync(cancellationToken);
            var theirCost = await HangfirePeer.RunRoundAsync(cancellationToken);
            if (round < WarmUps)
                continue;
            ours.Add(cost);
            theirs.Add(theirCost);
            Console.WriteLine($"   round {ours.Count}: {cost}, Hangfire {theirCost}");
        }

        var (our, their) = (JobCost.MedianOf(ours), JobCost.MedianOf(theirs));
        return
        [
            new Finding(
                "executor, elapsed per job / Hangfire.InMemory", $"{our.Microseconds:f1} us", $"{their.Microseconds:f1} us",
                $"{our.Microseconds / their.Microseconds:f2}"),
            new Finding(
                "executor, processor time per job / Hangfire.InMemory", $"{our.Processor:f1} us", $"{their.Processor:f1} us",
                $"{our.Processor / their.Processor:f2}", $"<= {TargetMicroseconds} us", our.Processor <= TargetMicroseconds),
            new Finding(
                "executor, allocated per job / Hangfire.InMemory", $"{our.Bytes:f0} B", $"{their.Bytes:f0} B",
                $"{our.Bytes / their.Bytes:f2}", $"<= {TargetBytes} B", our.Bytes <= TargetBytes),
        ];
    }
}
