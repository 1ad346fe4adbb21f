using JobPipeline.Benchmarks.Jobs;
using JobPipeline.Benchmarks.Report;
using JobPipeline.Benchmarks.Storage;
using JobPipeline.TestTools.Azurite;

namespace JobPipeline.Benchmarks.Measures;

/// <summary>Measures jobs of a type whose limit is as large as the capacity, compared with the same without a limit.</summary>
internal sealed class LimitCost : IMeasure
{
    private const int Depth = 300;
    private const int Pairs = 11;
    private const int WarmUps = 2;
    private const double Target = 0.95;

    public string Title => $"single jobs, {Depth} deep, with a limit that does not bind, compared with none";

    public async Task<IReadOnlyList<Finding>> RunAsync(BenchScale scale, CancellationToken cancellationToken)
    {
        await using var azurite = await AzuriteProcess.StartAsync(cancellationToken: cancellationToken);
        var pairs = new List<(double Limited, double Free)>();
        for (var round = 0; round < WarmUps + scale.Of(Pairs, 3); round++)
        {
            // Each side is first in every other round: the emulator becomes slower from one to the next.
            var (first, second) = (await DrainAsync(round, isLimited: round % 2 == 0), await DrainAsync(round, isLimited: round % 2 != 0));
            var (limited, free) = round % 2 == 0 ? (first, second) : (second, first);
            if (round < WarmUps)
                continue;
            pairs.Add((limited, free));
            Console.WriteLine($"   pair {pairs.Count}: {limited:f0} jobs/s with a limit, {free:f0} without, ratio {limited / free:f2}");
        }

        var ratio = pairs.Select(pair => pair.Limited / pair.Free).Median();
        return
        [
            new Finding(
                "single jobs with a limit that equals the capacity / without",
                $"{pairs.Select(pair => pair.Limited).Median():f0}/s",
                $"{pairs.Select(pair => pair.Free).Median():f0}/s",
                $"{ratio:f2}",
                $">= {Target}",
                ratio >= Target),
        ];

        async Task<double> DrainAsync(int round, bool isLimited)
        {
            var prefix = $"r{round}{(isLimited ? "limited" : "free")}";
            KeyValuePair<string, string?>[] settings = isLimited
                ?
                [
                    new("JobPipeline:Limits:bench:Concurrency", $"{BareQueue.Concurrency}"),
                    new($"JobPipeline:Jobs:{SingleJob.Type}:Limits:0", "bench"),
                ]
                : [];
            await using var pipeline = await PipelineUnderTest.CreateAsync(azurite.ConnectionString, prefix, cancellationToken, settings);
            await pipeline.EnqueueAsync(SingleJob.Type, Depth, cancellationToken);
            return Depth / (await pipeline.DrainAsync(Depth, cancellationToken)).TotalSeconds;
        }
    }
}
