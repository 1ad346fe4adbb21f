using JobPipeline.Benchmarks.Report;

namespace JobPipeline.Benchmarks.Measures;

/// <summary>
/// What the pipeline itself costs: everything from the message's bytes to the recorded outcome, one job at a time, with
/// stores in memory, theirs included. Beside it Hangfire's worker on its in-memory storage.
/// </summary>
internal sealed class ExecutorInMemory : IMeasure
{
    private const int Rounds = 9;
    private const int WarmUps = 3;
    private const double TargetMicroseconds = 15;
    private const double TargetBytes = 4 * 1024;

    public string Title => "executor on in-memory stores, beside Hangfire.InMemory";

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        var ours = new List<JobCost>();
        var theirs = new List<JobCost>();
        for (var round = 0; round < WarmUps + Rounds; round++)
        {
            var our = await ExecutorRound.RunAsync(cancellationToken);
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
            new Finding("executor, time a job / Hangfire.InMemory", $"{time:f1} us", $"{theirTime:f1} us", $"{time / theirTime:f2}", $"< {TargetMicroseconds} us", time < TargetMicroseconds),
            new Finding("executor, allocated a job / Hangfire.InMemory", $"{bytes:f0} B", $"{theirBytes:f0} B", $"{bytes / theirBytes:f2}", $"< {TargetBytes} B", bytes < TargetBytes),
        ];
    }
}
