using JobPipeline.Benchmarks.Jobs;
using JobPipeline.Benchmarks.Report;
using JobPipeline.Benchmarks.Storage;
using JobPipeline.TestTools.Azurite;

namespace JobPipeline.Benchmarks.Measures;

/// <summary>
/// Measures tracked single jobs with leases from a queue with a backlog, compared with a loop that only receives and
/// deletes.
/// </summary>
internal sealed class SingleJobs : IMeasure
{
    private const int Depth = 300;
    private const int Pairs = 11;
    private const int WarmUps = 2;
    private const double Target = 0.7;

    public string Title => $"single jobs on Azurite, {Depth} deep, compared with a bare receive-delete loop";

    public async Task<IReadOnlyList<Finding>> RunAsync(BenchScale scale, CancellationToken cancellationToken)
    {
        await using var azurite = await AzuriteProcess.StartAsync(cancellationToken: cancellationToken);
        var pairs = new List<(double Ours, double Bare)>();
        for (var round = 0; round < WarmUps + scale.Of(Pairs, 3); round++)
        {
            var prefix = $"pair{round}x";
            await using var pipeline = await PipelineUnderTest.CreateAsync(azurite.ConnectionString, prefix, cancellationToken);
            var bare = await BareQueue.CreateAsync(azurite.ConnectionString, prefix, cancellationToken);
            await pipeline.EnqueueAsync(SingleJob.Type, Depth, cancellationToken);
            var ours = Depth / (await pipeline.DrainAsync(Depth, cancellationToken)).TotalSeconds;
            await bare.SendAsync(Depth, cancellationToken);
            var beside = Depth / (await bare.DrainAsync(Depth, cancellationToken)).TotalSeconds;
            if (round < WarmUps)
                continue;
            pairs.Add((ours, beside));
            Console.WriteLine($"   pair {pairs.Count}: {ours:f0} jobs/s, bare {beside:f0} messages/s, ratio {ours / beside:f2}");
        }

        var ratio = pairs.Select(pair => pair.Ours / pair.Bare).Median();
        return
        [
            new Finding(
                $"single jobs, {Depth} deep / bare receive-delete",
                $"{pairs.Select(pair => pair.Ours).Median():f0}/s",
                $"{pairs.Select(pair => pair.Bare).Median():f0}/s",
                $"{ratio:f2}",
                $">= {Target}",
                ratio >= Target),
        ];
    }
}
