using JobPipeline.Benchmarks.Report;

namespace JobPipeline.Benchmarks.Contest;

/// <summary>The laps of one workload, a round each.</summary>
internal sealed record Laps(IReadOnlyList<Lap> Rounds)
{
    public Lap Median { get; } = Lap.MedianOf(Rounds);

    /// <summary>Returns the median ratio of the rates of each round: both laps of a round met the same load.</summary>
    public double RateRatioTo(Laps other) => Rounds.Zip(other.Rounds, (ours, theirs) => ours.Rate / theirs.Rate).Median();
}
