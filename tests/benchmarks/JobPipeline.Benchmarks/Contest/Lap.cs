using JobPipeline.Benchmarks.Report;

namespace JobPipeline.Benchmarks.Contest;

/// <summary>The result of one run of a workload.</summary>
/// <param name="Steps">The number of handlers that ran.</param>
/// <param name="Seconds">The time from the start to the recorded end of the last workflow.</param>
/// <param name="QueueOperations">The requests to queues, including empty receives.</param>
/// <param name="OtherOperations">The requests to tables and blobs.</param>
internal sealed record Lap(int Steps, double Seconds, double QueueOperations, double OtherOperations)
{
    public double Rate => Steps / Seconds;

    public double OperationsPerStep => (QueueOperations + OtherOperations) / Steps;

    public double MillisecondsPerStep => Seconds * 1_000 / Steps;

    public static Lap MedianOf(IReadOnlyCollection<Lap> laps) => new(
        laps.First().Steps,
        laps.Select(lap => lap.Seconds).Median(),
        laps.Select(lap => lap.QueueOperations).Median(),
        laps.Select(lap => lap.OtherOperations).Median());

    public override string ToString() =>
        $"{Seconds:f2} s, {Rate:f0}/s, {QueueOperations / Steps:f1} + {OtherOperations / Steps:f1} operations each on queues + tables";
}
